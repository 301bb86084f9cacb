import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.OffsetOutOfRangeException;

/** Offsets of partitions and of groups as the admin client sees and alters them. */
final class OffsetAdmin {
  private OffsetAdmin() {}

  static void add(Cases cases, Lab lab) {
    cases
        .add("offsets by every specification", () -> specifications(lab))
        .add("records deleted, which stay so after kill -9", () -> deleted(lab))
        .add("offsets of a group listed, altered, deleted", () -> groupOffsets(lab))
        .add("groups that are not there", () -> absent(lab));
  }

  private static ListOffsetsResultInfo offset(Lab lab, TopicPartition of, OffsetSpec spec)
      throws Exception {
    return lab.admin.listOffsets(Map.of(of, spec)).partitionResult(of).get();
  }

  private static void specifications(Lab lab) throws Exception {
    TopicPartition partition = new TopicPartition(lab.topic("offsets", 1), 0);
    Cases.equal(offset(lab, partition, OffsetSpec.maxTimestamp()).offset(), -1L);
    long now = System.currentTimeMillis();
    long[] timestamps = {now - 300, now - 100, now - 200};
    try (KafkaProducer<byte[], byte[]> producer = lab.producer(Map.of())) {
      for (long timestamp : timestamps) {
        producer.send(new ProducerRecord<>(partition.topic(), 0, timestamp, null, new byte[1]));
      }
    }
    Cases.equal(offset(lab, partition, OffsetSpec.earliest()).offset(), 0L);
    Cases.equal(offset(lab, partition, OffsetSpec.latest()).offset(), 3L);
    Cases.equal(offset(lab, partition, OffsetSpec.maxTimestamp()).offset(), 1L);
    Cases.equal(offset(lab, partition, OffsetSpec.maxTimestamp()).timestamp(), now - 100);
    Cases.equal(offset(lab, partition, OffsetSpec.forTimestamp(now - 250)).offset(), 1L);
    Cases.equal(offset(lab, partition, OffsetSpec.forTimestamp(now)).offset(), -1L);
    Cases.equal(offset(lab, partition, OffsetSpec.earliestLocal()).offset(), 0L);
    Cases.equal(offset(lab, partition, OffsetSpec.latestTiered()).offset(), -1L);
  }

  private static void deleted(Lab lab) throws Exception {
    TopicPartition partition = new TopicPartition(lab.topic("deleted", 1), 0);
    lab.fill(partition.topic(), 1, 50, Map.of());
    delete(lab, partition, 20);
    Cases.equal(offset(lab, partition, OffsetSpec.earliest()).offset(), 20L);
    lab.restart();
    Cases.equal(lab.read(partition.topic(), 1, 30, "read_committed").get(0).offset(), 20L);
    Cases.fails(OffsetOutOfRangeException.class, () -> delete(lab, partition, 51));
    Cases.equal(delete(lab, partition, -1), 50L);
  }

  private static long delete(Lab lab, TopicPartition partition, long before) throws Exception {
    Map<TopicPartition, RecordsToDelete> which =
        Map.of(partition, RecordsToDelete.beforeOffset(before));
    return lab.admin.deleteRecords(which).lowWatermarks().get(partition).get().lowWatermark();
  }

  private static Map<TopicPartition, OffsetAndMetadata> offsets(Lab lab, String group)
      throws Exception {
    return lab.admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata().get();
  }

  private static void groupOffsets(Lab lab) throws Exception {
    List<TopicPartition> partitions = Lab.partitionsOf(lab.topic("altered", 3), 3);
    String group = lab.name("group");
    Map<TopicPartition, OffsetAndMetadata> altered = new HashMap<>();
    for (TopicPartition each : partitions) {
      altered.put(each, new OffsetAndMetadata(each.partition() * 10L, "by hand"));
    }
    lab.admin.alterConsumerGroupOffsets(group, altered).all().get();
    Cases.equal(offsets(lab, group), altered);
    lab.restart();
    Cases.equal(offsets(lab, group), altered);
    TopicPartition first = partitions.get(0);
    lab.admin.deleteConsumerGroupOffsets(group, Set.of(first)).all().get();
    altered.remove(first);
    Cases.equal(offsets(lab, group), altered);
    lab.admin.deleteConsumerGroups(List.of(group)).all().get();
    Cases.equal(offsets(lab, group), Map.of());
  }

  private static void absent(Lab lab) throws Exception {
    Cases.fails(
        GroupIdNotFoundException.class,
        () -> lab.admin.deleteConsumerGroups(List.of("no-such-group")).all().get());
    Cases.equal(offsets(lab, "no-such-group"), Map.of());
  }
}
