import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.MemberToRemove;
import org.apache.kafka.clients.admin.RemoveMembersFromConsumerGroupOptions;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.apache.kafka.common.errors.InconsistentGroupProtocolException;
import org.apache.kafka.common.errors.InvalidSessionTimeoutException;

/** What only groups of the classic protocol have. */
final class ClassicGroups {
  private static final String CLASSIC = "classic";
  private static final String ASSIGNORS = "org.apache.kafka.clients.consumer.";

  private ClassicGroups() {}

  static void add(Cases cases, Lab lab) {
    for (String each : new String[] {"Range", "RoundRobin", "Sticky", "CooperativeSticky"}) {
      cases.add(each + " assignor", () -> assignor(lab, ASSIGNORS + each + "Assignor"));
    }
    cases
        .add("from eager to cooperative, one by one", () -> upgrade(lab))
        .add("members without a protocol in common are refused", () -> inconsistent(lab))
        .add("a static member's double fences it", () -> fenced(lab))
        .add("a static member's generation stays", () -> generation(lab))
        .add("a member that does not poll is put out", () -> putOut(lab))
        .add("members are removed by the admin client", () -> removed(lab))
        .add("a session that is too short is refused", () -> tooShort(lab));
  }

  private static Member member(Lab lab, String group, Map<String, ?> more) {
    return new Member(lab, CLASSIC, group, more);
  }

  private static Map<String, String> with(String... assignors) {
    return Map.of("partition.assignment.strategy", String.join(",", assignors));
  }

  private static void assignor(Lab lab, String assignor) throws Exception {
    String topic = lab.topic("assignor", 6);
    String group = lab.name("group");
    lab.fill(topic, 6, 120, Map.of());
    try (Member first = member(lab, group, with(assignor)).subscribe(topic);
        Member second = member(lab, group, with(assignor)).subscribe(topic);
        Member third = member(lab, group, with(assignor)).subscribe(topic)) {
      Member.untilShared(6, first, second, third);
      third.close();
      Member.untilShared(6, first, second);
      Cases.equal(first.partitions().size(), 3);
    }
  }

  private static void upgrade(Lab lab) throws Exception {
    String topic = lab.topic("upgrade", 4);
    String group = lab.name("group");
    String eager = ASSIGNORS + "RangeAssignor";
    String cooperative = ASSIGNORS + "CooperativeStickyAssignor";
    try (Member first = member(lab, group, with(cooperative, eager)).subscribe(topic)) {
      Member second = member(lab, group, with(eager)).subscribe(topic);
      Member.untilShared(4, first, second);
      second.close();
      try (Member again = member(lab, group, with(cooperative)).subscribe(topic)) {
        Member.untilShared(4, first, again);
      }
    }
  }

  private static void inconsistent(Lab lab) throws Exception {
    String topic = lab.topic("inconsistent", 1);
    String group = lab.name("group");
    try (Member first = member(lab, group, with(ASSIGNORS + "RangeAssignor")).subscribe(topic);
        Member second = member(lab, group, with(ASSIGNORS + "StickyAssignor")).subscribe(topic)) {
      Member.untilShared(1, first);
      Cases.fails(InconsistentGroupProtocolException.class, () -> pollOften(second));
    }
  }

  private static Object pollOften(Member member) {
    Lab.until("an error", () -> {
      member.poll();
      return false;
    });
    return null;
  }

  private static void fenced(Lab lab) throws Exception {
    String topic = lab.topic("fenced", 2);
    String group = lab.name("group");
    Map<String, String> config = Map.of("group.instance.id", "one");
    Member first = member(lab, group, config).subscribe(topic);
    Member.untilShared(2, first);
    try (Member second = member(lab, group, config).subscribe(topic)) {
      Member.untilShared(2, second);
      Cases.fails(FencedInstanceIdException.class, () -> pollOften(first));
      first.consumer.close(Duration.ZERO);
    }
  }

  private static void generation(Lab lab) throws Exception {
    String topic = lab.topic("generation", 2);
    String group = lab.name("group");
    Map<String, String> config = Map.of("group.instance.id", "one");
    Member first = member(lab, group, config).subscribe(topic);
    Member.untilShared(2, first);
    ConsumerGroupMetadata before = first.consumer.groupMetadata();
    first.close();
    try (Member second = member(lab, group, config).subscribe(topic)) {
      Member.untilShared(2, second);
      ConsumerGroupMetadata after = second.consumer.groupMetadata();
      Cases.equal(after.generationId(), before.generationId());
      Cases.holds(!after.memberId().equals(before.memberId()), "a new member id");
    }
  }

  private static void putOut(Lab lab) throws Exception {
    String topic = lab.topic("put-out", 2);
    String group = lab.name("group");
    lab.fill(topic, 2, 10, Map.of());
    Map<String, String> slow =
        Map.of("max.poll.interval.ms", "1500", "enable.auto.commit", "false");
    try (Member first = member(lab, group, slow).subscribe(topic);
        Member second = member(lab, group, Map.of()).subscribe(topic)) {
      Member.untilShared(2, first, second);
      Lab.until("the other has all", () -> second.poll().partitions().size() == 2);
      Cases.fails(
          CommitFailedException.class,
          () -> {
            first.consumer.commitSync();
            return null;
          });
      Member.untilShared(2, first, second);
    }
  }

  private static void removed(Lab lab) throws Exception {
    String topic = lab.topic("removed", 2);
    String group = lab.name("group");
    Map<String, String> config = Map.of("group.instance.id", "one");
    Member first = member(lab, group, config).subscribe(topic);
    Member.untilShared(2, first);
    var one = new RemoveMembersFromConsumerGroupOptions(Set.of(new MemberToRemove("one")));
    lab.admin.removeMembersFromConsumerGroup(group, one).all().get();
    var description = lab.admin.describeConsumerGroups(List.of(group)).all().get().get(group);
    Cases.equal(description.members().size(), 0);
    first.consumer.close(Duration.ZERO);
  }

  private static void tooShort(Lab lab) throws Exception {
    Map<String, String> config =
        Map.of("session.timeout.ms", "1000", "heartbeat.interval.ms", "300");
    try (Member member = member(lab, lab.name("group"), config)) {
      member.subscribe(lab.topic("too-short", 1));
      Cases.fails(InvalidSessionTimeoutException.class, () -> pollOften(member));
    }
  }
}
