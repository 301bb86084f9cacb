import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.NoOffsetForPartitionException;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.OffsetMetadataTooLarge;

/** Consumers that assign their partitions themselves. */
final class Consuming {
  private Consuming() {}

  static void add(Cases cases, Lab lab) {
    cases
        .add("seek, position, beginning and end", () -> seeks(lab))
        .add("offsets by time, inside compressed batches", () -> times(lab))
        .add("pause and resume", () -> pauses(lab))
        .add("commit with metadata, there after kill -9", () -> commits(lab))
        .add("an offset outside the log", () -> outside(lab))
        .add("small fetches of large batches", () -> smallFetches(lab))
        .add("many partitions, while the lab is killed", () -> whileKilled(lab))
        .add("topics and partitions are listed", () -> lists(lab));
  }

  private static void seeks(Lab lab) throws Exception {
    String topic = lab.topic("seek", 1);
    lab.fill(topic, 1, 100, Map.of("compression.type", "lz4"));
    TopicPartition partition = new TopicPartition(topic, 0);
    try (KafkaConsumer<byte[], byte[]> consumer = lab.consumer(Map.of("max.poll.records", "1"))) {
      consumer.assign(List.of(partition));
      Cases.equal(consumer.position(partition), 0L);
      for (long offset : new long[] {57, 3, 99, 0}) {
        consumer.seek(partition, offset);
        ConsumerRecord<byte[], byte[]> record = Lab.take(consumer, 1).get(0);
        Cases.equal(Lab.text(record.value()), "" + offset);
        Cases.equal(consumer.position(partition), offset + 1);
      }
      consumer.seekToEnd(List.of(partition));
      Cases.equal(consumer.position(partition), 100L);
      consumer.seekToBeginning(List.of(partition));
      Cases.equal(consumer.position(partition), 0L);
      Cases.equal(consumer.beginningOffsets(List.of(partition)), Map.of(partition, 0L));
      Cases.equal(consumer.endOffsets(List.of(partition)), Map.of(partition, 100L));
      Lab.take(consumer, 1);
      Cases.equal(consumer.currentLag(partition).getAsLong(), 99L);
    }
  }

  private static void times(Lab lab) throws Exception {
    String topic = lab.topic("times", 1);
    long start = System.currentTimeMillis() - 100_000;
    Map<String, String> config = Map.of("compression.type", "zstd", "linger.ms", "1000");
    try (KafkaProducer<byte[], byte[]> producer = lab.producer(config)) {
      for (int i = 0; i < 50; i++) {
        producer.send(new ProducerRecord<>(topic, 0, start + i * 100L, null, Lab.bytes("" + i)));
      }
    }
    TopicPartition partition = new TopicPartition(topic, 0);
    try (KafkaConsumer<byte[], byte[]> consumer = lab.consumer(Map.of())) {
      for (long after : new long[] {-5, 0, 1, 2_450, 4_900}) {
        OffsetAndTimestamp found =
            consumer.offsetsForTimes(Map.of(partition, start + after)).get(partition);
        long offset = after <= 0 ? 0 : (after + 99) / 100;
        Cases.equal(found.offset(), offset);
        Cases.equal(found.timestamp(), start + offset * 100);
      }
      Cases.equal(consumer.offsetsForTimes(Map.of(partition, start + 4_901)).get(partition), null);
    }
  }

  private static void pauses(Lab lab) throws Exception {
    String topic = lab.topic("pause", 2);
    lab.fill(topic, 2, 40, Map.of());
    List<TopicPartition> both = Lab.partitionsOf(topic, 2);
    try (KafkaConsumer<byte[], byte[]> consumer = lab.consumer(Map.of())) {
      consumer.assign(both);
      consumer.pause(Set.of(both.get(0)));
      List<ConsumerRecord<byte[], byte[]>> first = Lab.take(consumer, 20);
      Cases.holds(first.stream().allMatch(each -> each.partition() == 1), "one is paused");
      consumer.resume(Set.of(both.get(0)));
      List<ConsumerRecord<byte[], byte[]>> second = Lab.take(consumer, 20);
      Cases.holds(second.stream().allMatch(each -> each.partition() == 0), "it goes on");
    }
  }

  private static void commits(Lab lab) throws Exception {
    String topic = lab.topic("commit", 2);
    TopicPartition partition = new TopicPartition(topic, 1);
    String group = lab.name("committed");
    Map<String, String> config = Map.of("group.id", group, "enable.auto.commit", "false");
    OffsetAndMetadata offset = new OffsetAndMetadata(17, "whatever α");
    try (KafkaConsumer<byte[], byte[]> consumer = lab.consumer(config)) {
      consumer.assign(List.of(partition));
      consumer.commitSync(Map.of(partition, offset));
      OffsetAndMetadata over = new OffsetAndMetadata(17, "x".repeat(5_000));
      Cases.fails(
          OffsetMetadataTooLarge.class,
          () -> {
            consumer.commitSync(Map.of(partition, over));
            return null;
          });
      lab.restart();
      Cases.equal(consumer.committed(Set.of(partition)).get(partition), offset);
      Cases.equal(consumer.committed(Set.of(new TopicPartition(topic, 0))).size(), 1);
    }
  }

  private static void outside(Lab lab) throws Exception {
    String topic = lab.topic("outside", 1);
    lab.fill(topic, 1, 10, Map.of());
    TopicPartition partition = new TopicPartition(topic, 0);
    Map<String, String> none = Map.of("auto.offset.reset", "none", "group.id", lab.name("none"));
    try (KafkaConsumer<byte[], byte[]> consumer = lab.consumer(none)) {
      consumer.assign(List.of(partition));
      Cases.fails(NoOffsetForPartitionException.class, () -> Lab.take(consumer, 1));
      consumer.seek(partition, 500);
      Cases.fails(OffsetOutOfRangeException.class, () -> Lab.take(consumer, 1));
    }
    try (KafkaConsumer<byte[], byte[]> consumer = lab.consumer(Map.of())) {
      consumer.assign(List.of(partition));
      consumer.seek(partition, 500);
      Cases.equal(Lab.take(consumer, 10).get(0).offset(), 0L);
    }
  }

  private static void smallFetches(Lab lab) throws Exception {
    String topic = lab.topic("small", 3);
    try (KafkaProducer<byte[], byte[]> producer = lab.producer(Map.of("batch.size", "100000"))) {
      for (int i = 0; i < 90; i++) {
        producer.send(new ProducerRecord<>(topic, i % 3, null, new byte[20_000]));
      }
    }
    Map<String, String> config =
        Map.of("fetch.max.bytes", "1000", "max.partition.fetch.bytes", "500");
    try (KafkaConsumer<byte[], byte[]> consumer = lab.consumer(config)) {
      consumer.assign(Lab.partitionsOf(topic, 3));
      Lab.take(consumer, 90);
    }
  }

  private static void whileKilled(Lab lab) throws Exception {
    int partitions = 20;
    String topic = lab.topic("killed", partitions);
    lab.fill(topic, partitions, 2_000, Map.of());
    try (KafkaConsumer<byte[], byte[]> consumer = lab.consumer(Map.of("max.poll.records", "50"))) {
      consumer.assign(Lab.partitionsOf(topic, partitions));
      List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
      for (int round = 0; round < 4; round++) {
        records.addAll(Lab.take(consumer, 50));
        lab.restart();
      }
      records.addAll(Lab.take(consumer, 2_000 - records.size()));
      Cases.equal(records.stream().map(each -> Lab.text(each.key())).distinct().count(), 2_000L);
    }
  }

  private static void lists(Lab lab) throws Exception {
    String topic = lab.topic("listed", 3);
    try (KafkaConsumer<byte[], byte[]> consumer = lab.consumer(Map.of())) {
      Cases.equal(consumer.listTopics().get(topic).size(), 3);
      Cases.equal(consumer.partitionsFor(topic).size(), 3);
    }
  }
}
