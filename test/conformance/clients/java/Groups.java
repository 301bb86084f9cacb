import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupNotEmptyException;

/** What groups of both protocols have in common. */
final class Groups {
  private static final Map<String, String> MANUAL = Map.of("enable.auto.commit", "false");

  private final Lab lab;
  private final String protocol;

  Groups(Lab lab, String protocol) {
    this.lab = lab;
    this.protocol = protocol;
  }

  void add(Cases cases) {
    cases
        .add("two members share, one leaves, one takes over", this::shared)
        .add("members go on where the group was", this::goesOn)
        .add("commits are kept over kill -9, members stay", this::survives)
        .add("a static member comes back to its partitions", this::staticMember)
        .add("a topic that grows is shared anew", this::grows)
        .add("topics by pattern", this::pattern)
        .add("described and listed with their members", this::described)
        .add("offsets of live members cannot be altered", this::live);
  }

  private Member member(String group, Map<String, ?> more) {
    return new Member(lab, protocol, group, more);
  }

  private void shared() throws Exception {
    String topic = lab.topic("shared", 6);
    String group = lab.name("group");
    lab.fill(topic, 6, 600, Map.of());
    try (Member first = member(group, MANUAL).subscribe(topic)) {
      Member.untilShared(6, first);
      Member second = member(group, MANUAL).subscribe(topic);
      Member.untilShared(6, first, second);
      Cases.equal(first.partitions().size(), 3);
      second.close();
      Member.untilShared(6, first);
    }
  }

  private void goesOn() throws Exception {
    String topic = lab.topic("goes-on", 4);
    String group = lab.name("group");
    lab.fill(topic, 4, 400, Map.of());
    try (Member first = member(group, Map.of("max.poll.records", "100")).subscribe(topic)) {
      Lab.until("100 records", () -> first.poll().records.size() >= 100);
      first.consumer.commitSync();
      int read = first.records.size();
      first.close();
      try (Member second = member(group, MANUAL).subscribe(topic)) {
        Member.untilRead(400 - read, second);
      }
    }
  }

  private void survives() throws Exception {
    String topic = lab.topic("survives", 4);
    String group = lab.name("group");
    try (Member first = member(group, MANUAL).subscribe(topic);
        Member second = member(group, MANUAL).subscribe(topic)) {
      Member.untilShared(4, first, second);
      lab.fill(topic, 4, 200, Map.of());
      Member.untilRead(200, first, second);
      first.consumer.commitSync();
      second.consumer.commitSync();
      lab.restart();
      lab.fill(topic, 4, 200, Map.of());
      Member.untilReadAtLeastOnce(400, first, second);
      Lab.until("all is committed", () -> {
        for (Member member : List.of(first, second)) member.poll().consumer.commitAsync();
        return isCommitted(group, 4, 100);
      });
    }
  }

  private boolean isCommitted(String group, int partitions, long offset) {
    try {
      Map<TopicPartition, OffsetAndMetadata> offsets =
          lab.admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata().get();
      long there = offsets.values().stream().filter(each -> each.offset() == offset).count();
      return there == partitions;
    } catch (Exception failure) {
      throw new AssertionError(failure);
    }
  }

  private void staticMember() throws Exception {
    String topic = lab.topic("static", 4);
    String group = lab.name("group");
    Map<String, String> one = Map.of("group.instance.id", "one", "enable.auto.commit", "false");
    Map<String, String> two = Map.of("group.instance.id", "two", "enable.auto.commit", "false");
    try (Member first = member(group, one).subscribe(topic)) {
      Member second = member(group, two).subscribe(topic);
      Member.untilShared(4, first, second);
      Set<Integer> before = second.partitions();
      int assignments = first.assignments;
      second.close();
      try (Member again = member(group, two).subscribe(topic)) {
        Member.untilShared(4, first, again);
        Cases.equal(again.partitions(), before);
        Cases.equal(first.assignments, assignments);
      }
    }
  }

  private void grows() throws Exception {
    String topic = lab.topic("grows", 2);
    Map<String, String> config = Map.of("metadata.max.age.ms", "500");
    try (Member member = member(lab.name("group"), config).subscribe(topic)) {
      Member.untilShared(2, member);
      var more = org.apache.kafka.clients.admin.NewPartitions.increaseTo(5);
      lab.admin.createPartitions(Map.of(topic, more)).all().get();
      Member.untilShared(5, member);
    }
  }

  private void pattern() throws Exception {
    String stem = lab.name("pattern");
    var topics = List.of("-a", "-b").stream()
        .map(end -> new org.apache.kafka.clients.admin.NewTopic(stem + end, 1, (short) 1))
        .toList();
    lab.admin.createTopics(topics).all().get();
    Map<String, String> config = Map.of("metadata.max.age.ms", "500");
    try (Member member = member(lab.name("group"), config)) {
      member.subscribe(Pattern.compile(stem + "-[ab]"));
      Lab.until("both topics", () -> member.poll().consumer.assignment().size() == 2);
    }
  }

  private ConsumerGroupDescription describe(String group) throws Exception {
    return lab.admin.describeConsumerGroups(List.of(group)).all().get().get(group);
  }

  private void described() throws Exception {
    String topic = lab.topic("described", 2);
    String group = lab.name("group");
    try (Member member = member(group, Map.of("client.id", "somebody")).subscribe(topic)) {
      Member.untilShared(2, member);
      ConsumerGroupDescription description = describe(group);
      Cases.equal(description.state().toString(), "Stable");
      var described = description.members().iterator().next();
      Cases.equal(described.clientId(), "somebody");
      Cases.equal(described.host(), "/127.0.0.1");
      Cases.equal(described.assignment().topicPartitions().size(), 2);
      Cases.holds(
          lab.admin.listConsumerGroups().all().get().stream()
              .anyMatch(each -> each.groupId().equals(group)),
          "it is listed");
    }
    Cases.equal(describe(group).state().toString(), "Empty");
    lab.admin.deleteConsumerGroups(List.of(group)).all().get();
  }

  private void live() throws Exception {
    String topic = lab.topic("live", 1);
    String group = lab.name("group");
    TopicPartition partition = new TopicPartition(topic, 0);
    try (Member member = member(group, MANUAL).subscribe(topic)) {
      Member.untilShared(1, member);
      Cases.fails(
          GroupNotEmptyException.class,
          () -> lab.admin.deleteConsumerGroups(List.of(group)).all().get());
      Map<TopicPartition, OffsetAndMetadata> offset = Map.of(partition, new OffsetAndMetadata(3));
      Cases.fails(
          org.apache.kafka.common.errors.UnknownMemberIdException.class,
          () -> lab.admin.alterConsumerGroupOffsets(group, offset).all().get());
      Cases.fails(
          org.apache.kafka.common.errors.GroupSubscribedToTopicException.class,
          () -> lab.admin.deleteConsumerGroupOffsets(group, Set.of(partition)).all().get());
    }
  }
}
