import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;

/** A consumer in a group, which keeps what it reads and notes what it is given and loses. */
final class Member implements AutoCloseable, ConsumerRebalanceListener {
  final KafkaConsumer<byte[], byte[]> consumer;
  final List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
  /** How often it was given partitions. */
  int assignments;

  Member(Lab lab, String protocol, String group, Map<String, ?> more) {
    Map<String, Object> config = new HashMap<>(Map.of("group.id", group, "group.protocol", protocol));
    if (protocol.equals("classic")) {
      config.put("heartbeat.interval.ms", "500");
      config.put("session.timeout.ms", "10000");
    }
    config.putAll(more);
    consumer = lab.consumer(config);
  }

  Member subscribe(String topic) {
    consumer.subscribe(List.of(topic), this);
    return this;
  }

  Member subscribe(Pattern topics) {
    consumer.subscribe(topics, this);
    return this;
  }

  /** Polls once. */
  Member poll() {
    consumer.poll(Lab.POLL).forEach(records::add);
    return this;
  }

  Set<Integer> partitions() {
    Set<Integer> partitions = new TreeSet<>();
    consumer.assignment().forEach(each -> partitions.add(each.partition()));
    return partitions;
  }

  @Override
  public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
    if (!partitions.isEmpty()) assignments++;
  }

  @Override
  public void onPartitionsRevoked(Collection<TopicPartition> partitions) {}

  @Override
  public void close() {
    consumer.close();
  }

  /** Polls all members until together they own every partition, each of them once and each some. */
  static void untilShared(int partitions, Member... members) {
    Lab.until(partitions + " partitions are shared", () -> {
      Set<Integer> owned = new TreeSet<>();
      int count = 0;
      boolean eachHasSome = true;
      for (Member member : members) {
        Set<Integer> mine = member.poll().partitions();
        owned.addAll(mine);
        count += mine.size();
        eachHasSome &= !mine.isEmpty();
      }
      return eachHasSome && count == partitions && owned.size() == partitions;
    });
  }

  /** Polls all members until they have read `count` records, each of them once. */
  static void untilRead(int count, Member... members) {
    untilReadAtLeastOnce(count, members);
    int read = 0;
    for (Member member : members) read += member.records.size();
    Cases.equal(read, count);
  }

  /**
   * Polls all members until they have read `count` different records. Some twice, where a client has shared
   * the partitions anew: since 4.0 it forgets all metadata when no broker can be reached (KIP-899), and
   * joins again because its topics then seem to have no partitions.
   */
  static void untilReadAtLeastOnce(int count, Member... members) {
    Set<String> distinct = new TreeSet<>();
    Lab.until(count + " records are read", () -> {
      for (Member member : members) {
        member.poll().records.forEach(each -> distinct.add(each.partition() + "-" + each.offset()));
      }
      return distinct.size() >= count;
    });
    Cases.equal(distinct.size(), count);
  }
}
