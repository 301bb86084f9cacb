import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.ProducerState;
import org.apache.kafka.clients.admin.TransactionDescription;
import org.apache.kafka.clients.admin.TransactionListing;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TransactionalIdNotFoundException;

/** What the admin client sees and does of transactions. */
final class TransactionAdmin {
  private TransactionAdmin() {}

  static void add(Cases cases, Lab lab) {
    cases
        .add("listed and described, open and done", () -> described(lab))
        .add("producers of a partition described", () -> producers(lab))
        .add("a producer fenced by the admin client", () -> fenced(lab));
  }

  private static void described(Lab lab) throws Exception {
    String topic = lab.topic("txn", 2);
    String id = lab.name("id");
    try (KafkaProducer<byte[], byte[]> producer = Transactions.producer(lab, id, Map.of())) {
      Cases.equal(state(lab, id), TransactionState.EMPTY);
      producer.beginTransaction();
      Transactions.send(producer, topic, "one");
      TransactionDescription open = describe(lab, id);
      Cases.equal(open.state(), TransactionState.ONGOING);
      Cases.equal(open.topicPartitions().size(), 1);
      Cases.equal(open.transactionTimeoutMs(), 60_000L);
      Cases.holds(open.transactionStartTimeMs().isPresent(), "when it began");
      Cases.equal(state(lab, id), TransactionState.ONGOING);
      lab.restart();
      Cases.equal(describe(lab, id).state(), TransactionState.ONGOING);
      producer.commitTransaction();
      Lab.until("it is done", () -> isDone(lab, id, TransactionState.COMPLETE_COMMIT));
    }
    Cases.fails(TransactionalIdNotFoundException.class, () -> describe(lab, "no-such-id"));
  }

  private static boolean isDone(Lab lab, String id, TransactionState state) {
    try {
      return describe(lab, id).state() == state;
    } catch (Exception failure) {
      throw new AssertionError(failure);
    }
  }

  private static TransactionDescription describe(Lab lab, String id) throws Exception {
    return lab.admin.describeTransactions(List.of(id)).description(id).get();
  }

  private static TransactionState state(Lab lab, String id) throws Exception {
    for (TransactionListing each : lab.admin.listTransactions().all().get()) {
      if (each.transactionalId().equals(id)) return each.state();
    }
    throw new AssertionError(id + " is not listed");
  }

  private static List<ProducerState> producersOf(Lab lab, TopicPartition partition)
      throws Exception {
    var result = lab.admin.describeProducers(List.of(partition));
    return result.partitionResult(partition).get().activeProducers();
  }

  private static void producers(Lab lab) throws Exception {
    TopicPartition partition = new TopicPartition(lab.topic("txn", 1), 0);
    String id = lab.name("id");
    try (KafkaProducer<byte[], byte[]> producer = Transactions.producer(lab, id, Map.of())) {
      lab.fill(partition.topic(), 1, 3, Map.of());
      producer.beginTransaction();
      Transactions.send(producer, partition.topic(), "one");
      Transactions.send(producer, partition.topic(), "two");
      List<ProducerState> states = producersOf(lab, partition);
      Cases.equal(states.size(), 2);
      long producerId = describe(lab, id).producerId();
      ProducerState own =
          states.stream().filter(each -> each.producerId() == producerId).findFirst().get();
      Cases.equal(own.lastSequence(), 1);
      Cases.equal(own.currentTransactionStartOffset().getAsLong(), 3L);
      producer.abortTransaction();
      Lab.until("no open transaction", () -> {
        try {
          return producersOf(lab, partition).stream()
              .allMatch(each -> each.currentTransactionStartOffset().isEmpty());
        } catch (Exception failure) {
          throw new AssertionError(failure);
        }
      });
    }
  }

  private static void fenced(Lab lab) throws Exception {
    String topic = lab.topic("txn", 1);
    String id = lab.name("id");
    KafkaProducer<byte[], byte[]> producer = Transactions.producer(lab, id, Map.of());
    producer.beginTransaction();
    Transactions.send(producer, topic, "lost");
    int before = describe(lab, id).producerEpoch();
    var result = lab.admin.fenceProducers(List.of(id));
    Cases.holds(result.epochId(id).get() > before, "a newer epoch");
    Cases.fails(
        KafkaException.class,
        () -> {
          Transactions.send(producer, topic, "late");
          producer.commitTransaction();
          return "committed";
        });
    producer.close(java.time.Duration.ZERO);
    // Kafka ends the open one first, and leaves the new epoch without any.
    Lab.until("it is aborted", () -> isDone(lab, id, TransactionState.EMPTY));
    lab.read(topic, 1, 0, "read_committed");
  }
}
