import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** The lab under test: clients of it, and its being killed and started again by who runs this program. */
final class Lab {
  static final Duration POLL = Duration.ofMillis(200);
  private static final long LIMIT_MS = 60_000;

  final String bootstrap;
  final Admin admin;
  private final BufferedReader orders =
      new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
  private int names;

  Lab(String bootstrap) {
    this.bootstrap = bootstrap;
    admin = Admin.create(config(Map.of("default.api.timeout.ms", "30000")));
  }

  Map<String, Object> config(Map<String, ?> more) {
    Map<String, Object> config = new HashMap<>();
    config.put("bootstrap.servers", bootstrap);
    config.put("reconnect.backoff.max.ms", "500");
    config.putAll(more);
    return config;
  }

  KafkaProducer<byte[], byte[]> producer(Map<String, ?> more) {
    return new KafkaProducer<>(
        config(more), new ByteArraySerializer(), new ByteArraySerializer());
  }

  KafkaConsumer<byte[], byte[]> consumer(Map<String, ?> more) {
    Map<String, Object> config = config(Map.of("auto.offset.reset", "earliest"));
    config.putAll(more);
    return new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  /** A name nobody else has. */
  String name(String what) {
    return what + "-" + ++names;
  }

  String topic(String what, int partitions) throws Exception {
    return topic(what, partitions, Map.of());
  }

  String topic(String what, int partitions, Map<String, String> configs) throws Exception {
    String name = name(what);
    NewTopic topic = new NewTopic(name, partitions, (short) 1).configs(configs);
    admin.createTopics(List.of(topic)).all().get();
    return name;
  }

  /** Sends values "0", "1", ... round the partitions, each with itself as the key. */
  void fill(String topic, int partitions, int count, Map<String, ?> config) throws Exception {
    try (KafkaProducer<byte[], byte[]> producer = producer(config)) {
      for (int i = 0; i < count; i++) {
        byte[] bytes = bytes(Integer.toString(i));
        producer.send(new ProducerRecord<>(topic, i % partitions, bytes, bytes));
      }
      producer.flush();
    }
  }

  /** Reads whole partitions from their start until `count` records came, and no more come. */
  List<ConsumerRecord<byte[], byte[]>> read(String topic, int partitions, int count, String level) {
    try (KafkaConsumer<byte[], byte[]> consumer = consumer(Map.of("isolation.level", level))) {
      List<TopicPartition> all = partitionsOf(topic, partitions);
      consumer.assign(all);
      consumer.seekToBeginning(all);
      List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
      Map<TopicPartition, Long> ends = consumer.endOffsets(all);
      until("the end of " + topic, () -> {
        consumer.poll(POLL).forEach(records::add);
        return all.stream().allMatch(each -> consumer.position(each) >= ends.get(each));
      });
      Cases.equal(records.size(), count);
      return records;
    }
  }

  static List<TopicPartition> partitionsOf(String topic, int count) {
    List<TopicPartition> all = new ArrayList<>();
    for (int i = 0; i < count; i++) all.add(new TopicPartition(topic, i));
    return all;
  }

  static List<String> values(Collection<ConsumerRecord<byte[], byte[]>> records) {
    return records.stream().map(each -> text(each.value())).toList();
  }

  /** Polls until `count` records came. */
  static List<ConsumerRecord<byte[], byte[]>> take(Consumer<byte[], byte[]> consumer, int count) {
    List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
    until(count + " records", () -> {
      consumer.poll(POLL).forEach(records::add);
      return records.size() >= count;
    });
    Cases.equal(records.size(), count);
    return records;
  }

  static void until(String what, BooleanSupplier done) {
    long started = System.nanoTime();
    while (!done.getAsBoolean()) {
      long elapsedMs = (System.nanoTime() - started) / 1_000_000;
      if (elapsedMs > LIMIT_MS) throw new AssertionError("not within " + LIMIT_MS + " ms: " + what);
    }
  }

  static byte[] bytes(String text) {
    return text == null ? null : text.getBytes(StandardCharsets.UTF_8);
  }

  static String text(byte[] bytes) {
    return bytes == null ? null : new String(bytes, StandardCharsets.UTF_8);
  }

  /** `kill -9`; it is down until {@link #start}. */
  void kill() throws IOException {
    order("kill");
  }

  void start() throws IOException {
    order("start");
  }

  void restart() throws IOException {
    kill();
    start();
  }

  private void order(String what) throws IOException {
    System.out.println("order\t" + what);
    System.out.flush();
    if (orders.readLine() == null) throw new IOException("nobody there to " + what + " the lab");
  }
}
