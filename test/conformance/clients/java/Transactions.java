import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;

/** Transactional producers, and what their consumers see. */
final class Transactions {
  private static final String COMMITTED = "read_committed";
  private static final String UNCOMMITTED = "read_uncommitted";

  private Transactions() {}

  static void add(Cases cases, Lab lab) {
    cases
        .add("committed is seen, aborted is not", () -> commitAndAbort(lab))
        .add("an open one holds the last stable offset", () -> lastStable(lab))
        .add("a second producer fences the first", () -> fenced(lab))
        .add("one that takes too long is aborted", () -> tooLong(lab))
        .add("a timeout over 15 minutes is refused", () -> timeoutRefused(lab))
        .add("offsets are committed with it, or not at all", () -> offsets(lab))
        .add("offsets that are pending hold a reader up", () -> pending(lab))
        .add("kill -9 before, within and after one", () -> killed(lab))
        .add("a successor aborts what a killed lab left open", () -> successor(lab))
        .add("over 50 partitions, while the lab is killed", () -> wide(lab))
        .add("copied exactly once while the lab is killed", () -> copied(lab));
  }

  static KafkaProducer<byte[], byte[]> producer(Lab lab, String id, Map<String, ?> more) {
    Map<String, Object> config = new HashMap<>(more);
    config.put("transactional.id", id);
    KafkaProducer<byte[], byte[]> producer = lab.producer(config);
    producer.initTransactions();
    return producer;
  }

  static void send(KafkaProducer<byte[], byte[]> producer, String topic, String value)
      throws Exception {
    producer.send(new ProducerRecord<>(topic, 0, null, Lab.bytes(value))).get();
  }

  private static void commitAndAbort(Lab lab) throws Exception {
    String topic = lab.topic("txn", 1);
    try (var producer = producer(lab, lab.name("id"), Map.of())) {
      for (int i = 0; i < 6; i++) {
        producer.beginTransaction();
        send(producer, topic, i + "a");
        send(producer, topic, i + "b");
        if (i % 3 == 1) producer.abortTransaction();
        else producer.commitTransaction();
      }
    }
    List<String> seen = List.of("0a", "0b", "2a", "2b", "3a", "3b", "5a", "5b");
    Cases.equal(Lab.values(lab.read(topic, 1, 8, COMMITTED)), seen);
    lab.read(topic, 1, 12, UNCOMMITTED);
  }

  private static void lastStable(Lab lab) throws Exception {
    String topic = lab.topic("txn", 1);
    TopicPartition partition = new TopicPartition(topic, 0);
    Map<String, String> config = Map.of("isolation.level", COMMITTED);
    try (var producer = producer(lab, lab.name("id"), Map.of());
        KafkaConsumer<byte[], byte[]> consumer = lab.consumer(config)) {
      consumer.assign(List.of(partition));
      producer.beginTransaction();
      send(producer, topic, "open");
      lab.fill(topic, 1, 5, Map.of());
      Cases.equal(consumer.endOffsets(List.of(partition)).get(partition), 0L);
      Cases.holds(consumer.poll(Lab.POLL).isEmpty(), "nothing is stable");
      lab.read(topic, 1, 6, UNCOMMITTED);
      producer.commitTransaction();
      Cases.equal(Lab.values(Lab.take(consumer, 6)).get(0), "open");
    }
  }

  private static void fenced(Lab lab) throws Exception {
    String topic = lab.topic("txn", 1);
    String id = lab.name("id");
    var first = producer(lab, id, Map.of());
    first.beginTransaction();
    send(first, topic, "lost");
    try (var second = producer(lab, id, Map.of())) {
      KafkaException fenced = Cases.fails(KafkaException.class, () -> sendAndCommit(first, topic));
      boolean known = false;
      for (Throwable each = fenced; each != null; each = each.getCause()) {
        known |= each instanceof ProducerFencedException;
        known |= each instanceof InvalidProducerEpochException;
      }
      Cases.holds(known, "fenced: " + fenced);
      second.beginTransaction();
      send(second, topic, "kept");
      second.commitTransaction();
    }
    Cases.equal(Lab.values(lab.read(topic, 1, 1, COMMITTED)), List.of("kept"));
    first.close(java.time.Duration.ZERO);
  }

  private static Object sendAndCommit(KafkaProducer<byte[], byte[]> producer, String topic)
      throws Exception {
    send(producer, topic, "late");
    producer.commitTransaction();
    return "committed";
  }

  private static void tooLong(Lab lab) throws Exception {
    String topic = lab.topic("txn", 1);
    TopicPartition partition = new TopicPartition(topic, 0);
    var slow = producer(lab, lab.name("id"), Map.of("transaction.timeout.ms", "1500"));
    slow.beginTransaction();
    send(slow, topic, "slow");
    lab.fill(topic, 1, 1, Map.of());
    try (var consumer = lab.consumer(Map.of("isolation.level", COMMITTED))) {
      consumer.assign(List.of(partition));
      Cases.equal(Lab.values(Lab.take(consumer, 1)), List.of("0"));
    }
    Cases.fails(KafkaException.class, () -> sendAndCommit(slow, topic));
    slow.close(java.time.Duration.ZERO);
    Cases.equal(Lab.values(lab.read(topic, 1, 1, COMMITTED)), List.of("0"));
  }

  private static void timeoutRefused(Lab lab) throws Exception {
    Map<String, String> config = Map.of("transaction.timeout.ms", "900001");
    // The client does not tell this error from others it has no answer to.
    KafkaException refused =
        Cases.fails(KafkaException.class, () -> producer(lab, lab.name("id"), config));
    Cases.holds(refused.getMessage().contains("timeout is larger than the maximum"), "why");
  }

  private static Map<TopicPartition, OffsetAndMetadata> at(TopicPartition partition, long offset) {
    return Map.of(partition, new OffsetAndMetadata(offset, "by a transaction"));
  }

  private static void offsets(Lab lab) throws Exception {
    TopicPartition partition = new TopicPartition(lab.topic("txn", 1), 0);
    Map<String, String> config = Map.of("group.id", lab.name("group"));
    try (var producer = producer(lab, lab.name("id"), Map.of());
        KafkaConsumer<byte[], byte[]> consumer = lab.consumer(config)) {
      producer.beginTransaction();
      producer.sendOffsetsToTransaction(at(partition, 5), consumer.groupMetadata());
      producer.abortTransaction();
      Cases.equal(consumer.committed(Set.of(partition)).get(partition), null);
      producer.beginTransaction();
      producer.sendOffsetsToTransaction(at(partition, 7), consumer.groupMetadata());
      producer.commitTransaction();
      Lab.until("the offset", () -> consumer.committed(Set.of(partition)).get(partition) != null);
      Cases.equal(consumer.committed(Set.of(partition)), at(partition, 7));
    }
  }

  private static void pending(Lab lab) throws Exception {
    TopicPartition partition = new TopicPartition(lab.topic("txn", 1), 0);
    String group = lab.name("group");
    Map<String, String> config = Map.of("group.id", group, "isolation.level", COMMITTED);
    try (var producer = producer(lab, lab.name("id"), Map.of());
        KafkaConsumer<byte[], byte[]> consumer = lab.consumer(config)) {
      producer.beginTransaction();
      producer.sendOffsetsToTransaction(at(partition, 7), consumer.groupMetadata());
      Cases.fails(
          org.apache.kafka.common.errors.TimeoutException.class,
          () -> consumer.committed(Set.of(partition), java.time.Duration.ofSeconds(1)));
      producer.commitTransaction();
      Cases.equal(consumer.committed(Set.of(partition)), at(partition, 7));
    }
  }

  private static void killed(Lab lab) throws Exception {
    String topic = lab.topic("txn", 1);
    try (var producer = producer(lab, lab.name("id"), Map.of())) {
      lab.restart();
      producer.beginTransaction();
      send(producer, topic, "one");
      lab.restart();
      send(producer, topic, "two");
      producer.commitTransaction();
      lab.restart();
      producer.beginTransaction();
      send(producer, topic, "gone");
      lab.restart();
      producer.abortTransaction();
      lab.restart();
      producer.beginTransaction();
      send(producer, topic, "three");
      producer.commitTransaction();
    }
    Cases.equal(Lab.values(lab.read(topic, 1, 3, COMMITTED)), List.of("one", "two", "three"));
  }

  private static void successor(Lab lab) throws Exception {
    String topic = lab.topic("txn", 1);
    String id = lab.name("id");
    var lost = producer(lab, id, Map.of());
    lost.beginTransaction();
    send(lost, topic, "lost");
    lab.restart();
    try (var next = producer(lab, id, Map.of())) {
      next.beginTransaction();
      send(next, topic, "kept");
      next.commitTransaction();
    }
    lost.close(java.time.Duration.ZERO);
    Cases.equal(Lab.values(lab.read(topic, 1, 1, COMMITTED)), List.of("kept"));
  }

  private static void wide(Lab lab) throws Exception {
    String topic = lab.topic("txn", 50);
    try (var producer = producer(lab, lab.name("id"), Map.of())) {
      for (int round = 0; round < 6; round++) {
        producer.beginTransaction();
        for (int i = 0; i < 100; i++) {
          producer.send(new ProducerRecord<>(topic, i % 50, null, Lab.bytes("" + round)));
        }
        producer.flush();
        if (round % 2 == 0) lab.restart();
        if (round % 3 == 2) producer.abortTransaction();
        else producer.commitTransaction();
      }
    }
    var values = Lab.values(lab.read(topic, 50, 400, COMMITTED));
    Cases.equal(Set.copyOf(values), Set.of("0", "1", "3", "4"));
  }

  private static void copied(Lab lab) throws Exception {
    String source = lab.topic("source", 3);
    String target = lab.topic("target", 3);
    int count = 900;
    lab.fill(source, 3, count, Map.of());
    Map<String, String> config =
        Map.of("isolation.level", COMMITTED, "enable.auto.commit", "false", "max.poll.records", "50");
    try (var producer = producer(lab, lab.name("id"), Map.of());
        Member member = new Member(lab, "classic", lab.name("group"), config).subscribe(source)) {
      Consumer<ConsumerRecord<byte[], byte[]>> copy =
          each -> producer.send(new ProducerRecord<>(target, each.partition(), null, each.value()));
      int done = 0;
      for (int round = 0; done < count; round++) {
        ConsumerRecords<byte[], byte[]> records = member.consumer.poll(Lab.POLL);
        if (records.isEmpty()) continue;
        producer.beginTransaction();
        records.forEach(copy);
        if (round % 7 == 3) lab.restart();
        producer.sendOffsetsToTransaction(next(records), member.consumer.groupMetadata());
        if (round % 7 == 5) lab.restart();
        if (round % 5 == 4) {
          producer.abortTransaction();
          rewind(member.consumer, records);
        } else {
          producer.commitTransaction();
          done += records.count();
        }
      }
    }
    Cases.equal(Set.copyOf(Lab.values(lab.read(target, 3, count, COMMITTED))).size(), count);
  }

  private static Map<TopicPartition, OffsetAndMetadata> next(ConsumerRecords<byte[], byte[]> read) {
    Map<TopicPartition, OffsetAndMetadata> next = new HashMap<>();
    read.forEach(
        each ->
            next.put(
                new TopicPartition(each.topic(), each.partition()),
                new OffsetAndMetadata(each.offset() + 1)));
    return next;
  }

  private static void rewind(
      KafkaConsumer<byte[], byte[]> consumer, ConsumerRecords<byte[], byte[]> read) {
    for (TopicPartition each : read.partitions()) {
      consumer.seek(each, read.records(each).get(0).offset());
    }
  }
}
