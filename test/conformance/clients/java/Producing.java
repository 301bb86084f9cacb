import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.errors.InvalidTimestampException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;

/** Records sent with every codec and with every kind of content, and what is refused. */
final class Producing {
  private static final String[] CODECS = {"none", "gzip", "snappy", "lz4", "zstd"};
  private static final int MEGABYTE = 1 << 20;

  private Producing() {}

  static void add(Cases cases, Lab lab) {
    for (String codec : CODECS) {
      cases.add(codec + ", read back byte for byte", () -> roundTrip(lab, codec));
    }
    cases
        .add("acks 0, 1 and all", () -> acks(lab))
        .add("a message of 1 MB; one over the limit is refused", () -> large(lab))
        .add("a topic that stamps the time of append", () -> appendTime(lab))
        .add("a timestamp far ahead is refused", () -> ahead(lab))
        .add("no key on a compacted topic is refused", () -> keyless(lab))
        .add("a topic made by sending to it", () -> automatic(lab))
        .add("idempotent, while the lab is killed three times", () -> idempotent(lab));
  }

  private static void roundTrip(Lab lab, String codec) throws Exception {
    String topic = lab.topic("codec-" + codec, 1);
    List<ProducerRecord<byte[], byte[]>> sent = new ArrayList<>();
    long now = System.currentTimeMillis();
    for (int i = 0; i < 300; i++) {
      byte[] key = i % 3 == 0 ? null : Lab.bytes("key " + i);
      byte[] value = i % 5 == 0 ? null : i % 7 == 0 ? new byte[0] : Lab.bytes("value ".repeat(i));
      RecordHeaders headers = new RecordHeaders();
      if (i % 2 == 0) headers.add("first", new byte[] {0, (byte) i, -1}).add("first", null);
      if (i % 4 == 0) headers.add("ключ", new byte[0]);
      sent.add(new ProducerRecord<>(topic, 0, now - 1000 + i, key, value, headers));
    }
    try (var producer = lab.producer(Map.of("compression.type", codec, "linger.ms", "50"))) {
      sent.forEach(producer::send);
    }
    List<ConsumerRecord<byte[], byte[]>> read = lab.read(topic, 1, sent.size(), "read_uncommitted");
    for (int i = 0; i < sent.size(); i++) compare(sent.get(i), read.get(i), i);
  }

  private static void compare(
      ProducerRecord<byte[], byte[]> sent, ConsumerRecord<byte[], byte[]> read, int offset) {
    Cases.equal(read.offset(), (long) offset);
    Cases.equal(read.timestamp(), sent.timestamp());
    Cases.holds(Arrays.equals(read.key(), sent.key()), "key of " + offset);
    Cases.holds(Arrays.equals(read.value(), sent.value()), "value of " + offset);
    Header[] expected = sent.headers().toArray();
    Cases.holds(Arrays.equals(read.headers().toArray(), expected), "headers of " + offset);
  }

  private static void acks(Lab lab) throws Exception {
    String topic = lab.topic("acks", 1);
    for (String acks : new String[] {"0", "1", "all"}) {
      Map<String, String> config = Map.of("acks", acks, "enable.idempotence", "false");
      lab.fill(topic, 1, 10, config);
    }
    lab.read(topic, 1, 30, "read_uncommitted");
  }

  private static void large(Lab lab) throws Exception {
    String topic = lab.topic("large", 1);
    Map<String, String> config = Map.of("max.request.size", "" + 4 * MEGABYTE);
    try (KafkaProducer<byte[], byte[]> producer = lab.producer(config)) {
      byte[] fits = new byte[MEGABYTE - 1000];
      producer.send(new ProducerRecord<>(topic, fits)).get();
      byte[] over = new byte[MEGABYTE + 1000];
      Cases.fails(
          RecordTooLargeException.class,
          () -> producer.send(new ProducerRecord<>(topic, over)).get());
      Cases.equal(producer.send(new ProducerRecord<>(topic, new byte[1])).get().offset(), 1L);
    }
  }

  private static void appendTime(Lab lab) throws Exception {
    String topic = lab.topic("append-time", 1, Map.of("message.timestamp.type", "LogAppendTime"));
    long before = System.currentTimeMillis();
    try (KafkaProducer<byte[], byte[]> producer = lab.producer(Map.of())) {
      var record = new ProducerRecord<byte[], byte[]>(topic, 0, 5L, null, new byte[1]);
      Cases.holds(producer.send(record).get().timestamp() >= before, "the producer is told");
    }
    ConsumerRecord<byte[], byte[]> read = lab.read(topic, 1, 1, "read_uncommitted").get(0);
    Cases.equal(read.timestampType(), TimestampType.LOG_APPEND_TIME);
    Cases.holds(read.timestamp() >= before, "it is stamped");
  }

  private static void ahead(Lab lab) throws Exception {
    String topic = lab.topic("ahead", 1);
    long tomorrow = Instant.now().plusSeconds(86_400).toEpochMilli();
    try (KafkaProducer<byte[], byte[]> producer = lab.producer(Map.of())) {
      var record = new ProducerRecord<byte[], byte[]>(topic, 0, tomorrow, null, new byte[1]);
      Cases.fails(InvalidTimestampException.class, () -> producer.send(record).get());
    }
  }

  private static void keyless(Lab lab) throws Exception {
    String topic = lab.topic("keyless", 1, Map.of("cleanup.policy", "compact"));
    try (KafkaProducer<byte[], byte[]> producer = lab.producer(Map.of())) {
      Cases.fails(
          InvalidRecordException.class,
          () -> producer.send(new ProducerRecord<>(topic, new byte[1])).get());
    }
  }

  private static void automatic(Lab lab) throws Exception {
    String topic = lab.name("automatic");
    try (KafkaProducer<byte[], byte[]> producer = lab.producer(Map.of())) {
      Cases.equal(producer.send(new ProducerRecord<>(topic, new byte[1])).get().offset(), 0L);
      Cases.equal(producer.partitionsFor(topic).size(), 1);
    }
  }

  private static void idempotent(Lab lab) throws Exception {
    String topic = lab.topic("idempotent", 1);
    int count = 6_000;
    List<Future<RecordMetadata>> sent = new ArrayList<>();
    Map<String, String> config = Map.of("batch.size", "400", "linger.ms", "1");
    try (KafkaProducer<byte[], byte[]> producer = lab.producer(config)) {
      for (int i = 0; i < count; i++) {
        sent.add(producer.send(new ProducerRecord<>(topic, Lab.bytes("" + i))));
        if (i % 1_500 == 1_400) lab.restart();
      }
      for (Future<RecordMetadata> each : sent) each.get();
    }
    List<String> values = Lab.values(lab.read(topic, 1, count, "read_uncommitted"));
    for (int i = 0; i < count; i++) Cases.equal(values.get(i), "" + i);
  }
}
