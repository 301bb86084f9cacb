import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.CreateTopicsOptions;
import org.apache.kafka.clients.admin.CreateTopicsResult;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.TopicCollection;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.errors.InvalidPartitionsException;
import org.apache.kafka.common.errors.InvalidReplicationFactorException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicIdException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** Topics created, grown, described and deleted. */
final class Topics {
  private Topics() {}

  static void add(Cases cases, Lab lab) {
    cases
        .add("created with configs", () -> created(lab))
        .add("refused", () -> refused(lab))
        .add("only validated", () -> validated(lab))
        .add("grown", () -> grown(lab))
        .add("described by name and by id", () -> described(lab))
        .add("deleted by name and by id", () -> deleted(lab))
        .add("there again after kill -9", () -> kept(lab));
  }

  private static Callable<?> creating(Admin admin, NewTopic topic) {
    return () -> admin.createTopics(List.of(topic)).all().get();
  }

  private static void created(Lab lab) throws Exception {
    String name = lab.name("created");
    Map<String, String> configs = Map.of("cleanup.policy", "compact", "retention.ms", "1234567");
    NewTopic topic = new NewTopic(name, 3, (short) 1).configs(configs);
    CreateTopicsResult result = lab.admin.createTopics(List.of(topic));
    result.all().get();
    Cases.equal(result.numPartitions(name).get(), 3);
    Cases.equal(result.replicationFactor(name).get(), 1);
    Cases.holds(!result.topicId(name).get().equals(Uuid.ZERO_UUID), "it has an id");
    Config config = result.config(name).get();
    Cases.equal(config.get("cleanup.policy").value(), "compact");
    Cases.equal(config.get("retention.ms").value(), "1234567");
    Cases.holds(lab.admin.listTopics().names().get().contains(name), "it is listed");
  }

  private static void refused(Lab lab) throws Exception {
    Admin admin = lab.admin;
    String name = lab.topic("refused", 1);
    Cases.fails(TopicExistsException.class, creating(admin, new NewTopic(name, 1, (short) 1)));
    Cases.fails(InvalidTopicException.class, creating(admin, new NewTopic("a b", 1, (short) 1)));
    Cases.fails(InvalidPartitionsException.class, creating(admin, new NewTopic("p", 0, (short) 1)));
    NewTopic replicated = new NewTopic("r", 1, (short) 7);
    Cases.fails(InvalidReplicationFactorException.class, creating(admin, replicated));
    NewTopic configured = new NewTopic("c", 1, (short) 1).configs(Map.of("no.such.config", "1"));
    Cases.fails(InvalidConfigurationException.class, creating(admin, configured));
    NewTopic valued = new NewTopic("v", 1, (short) 1).configs(Map.of("retention.ms", "soon"));
    Cases.fails(InvalidConfigurationException.class, creating(admin, valued));
  }

  private static void validated(Lab lab) throws Exception {
    String name = lab.name("validated");
    CreateTopicsOptions validate = new CreateTopicsOptions().validateOnly(true);
    lab.admin.createTopics(List.of(new NewTopic(name, 1, (short) 1)), validate).all().get();
    Cases.holds(!lab.admin.listTopics().names().get().contains(name), "it is not there");
  }

  private static void grown(Lab lab) throws Exception {
    String name = lab.topic("grown", 2);
    lab.admin.createPartitions(Map.of(name, NewPartitions.increaseTo(5))).all().get();
    Cases.equal(describe(lab, name).partitions().size(), 5);
    Cases.fails(
        InvalidPartitionsException.class,
        () -> lab.admin.createPartitions(Map.of(name, NewPartitions.increaseTo(3))).all().get());
  }

  private static TopicDescription describe(Lab lab, String name) throws Exception {
    return lab.admin.describeTopics(List.of(name)).allTopicNames().get().get(name);
  }

  private static void described(Lab lab) throws Exception {
    String name = lab.topic("described", 2);
    TopicDescription byName = describe(lab, name);
    Cases.equal(byName.partitions().size(), 2);
    Cases.equal(byName.partitions().get(0).isr().size(), 1);
    Uuid id = byName.topicId();
    TopicCollection ids = TopicCollection.ofTopicIds(Set.of(id));
    Cases.equal(lab.admin.describeTopics(ids).allTopicIds().get().get(id).name(), name);
    Cases.fails(UnknownTopicOrPartitionException.class, () -> describe(lab, "no-such-topic"));
    TopicCollection unknown = TopicCollection.ofTopicIds(Set.of(Uuid.randomUuid()));
    Cases.fails(
        UnknownTopicIdException.class,
        () -> lab.admin.describeTopics(unknown).allTopicIds().get());
  }

  private static void deleted(Lab lab) throws Exception {
    String first = lab.topic("deleted", 2);
    String second = lab.topic("deleted", 2);
    Uuid id = describe(lab, second).topicId();
    lab.admin.deleteTopics(List.of(first)).all().get();
    lab.admin.deleteTopics(TopicCollection.ofTopicIds(Set.of(id))).all().get();
    Set<String> left = lab.admin.listTopics().names().get();
    Cases.holds(!left.contains(first) && !left.contains(second), "both are gone");
    Cases.fails(
        UnknownTopicOrPartitionException.class,
        () -> lab.admin.deleteTopics(List.of(first)).all().get());
  }

  private static void kept(Lab lab) throws Exception {
    String name = lab.topic("kept", 4, Map.of("max.message.bytes", "5000"));
    Uuid id = describe(lab, name).topicId();
    lab.restart();
    TopicDescription after = describe(lab, name);
    Cases.equal(after.topicId(), id);
    Cases.equal(after.partitions().size(), 4);
  }
}
