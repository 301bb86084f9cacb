import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.consumer.SubscriptionPattern;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.GroupType;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.InvalidRegularExpression;

/** What clients before 4.0 have no API for. */
public final class SinceFour {
  private SinceFour() {}

  public static void add(Cases cases, Lab lab) {
    cases
        .add("topics by a pattern of the broker", () -> pattern(lab))
        .add("a pattern that is none is refused", () -> badPattern(lab))
        .add("groups of all kinds are listed", () -> listed(lab))
        .add("classic groups are described", () -> described(lab))
        .add("a group that is not there", () -> absent(lab))
        .add("reset by duration", () -> duration(lab));
  }

  private static void pattern(Lab lab) throws Exception {
    String topic = lab.topic("re2", 2);
    lab.fill(topic, 2, 20, Map.of());
    try (Member member = new Member(lab, "consumer", lab.name("group"), Map.of())) {
      member.consumer.subscribe(new SubscriptionPattern("(?i)" + topic.toUpperCase()), member);
      Member.untilShared(2, member);
      Member.untilRead(20, member);
    }
  }

  private static void badPattern(Lab lab) throws Exception {
    try (Member member = new Member(lab, "consumer", lab.name("group"), Map.of())) {
      member.consumer.subscribe(new SubscriptionPattern("(open"), member);
      Cases.fails(
          InvalidRegularExpression.class,
          () -> {
            Lab.until("an error", () -> {
              member.poll();
              return false;
            });
            return null;
          });
    }
  }

  private static void listed(Lab lab) throws Exception {
    String topic = lab.topic("listed", 1);
    for (String protocol : List.of("classic", "consumer")) {
      String group = lab.name("listed");
      try (Member member = new Member(lab, protocol, group, Map.of()).subscribe(topic)) {
        Member.untilShared(1, member);
        GroupListing listing =
            lab.admin.listGroups().all().get().stream()
                .filter(each -> each.groupId().equals(group))
                .findFirst()
                .get();
        Cases.equal(listing.type().get(), GroupType.parse(protocol));
        Cases.equal(listing.groupState().get(), GroupState.STABLE);
        Cases.equal(listing.protocol(), "consumer");
      }
    }
  }

  private static void described(Lab lab) throws Exception {
    String group = lab.name("described");
    try (Member member =
        new Member(lab, "classic", group, Map.of()).subscribe(lab.topic("described", 1))) {
      Member.untilShared(1, member);
      var description = lab.admin.describeClassicGroups(List.of(group)).all().get().get(group);
      Cases.equal(description.state(), org.apache.kafka.common.ClassicGroupState.STABLE);
      Cases.equal(description.protocolData(), "range");
    }
  }

  private static void absent(Lab lab) throws Exception {
    List<String> group = List.of("no-such-group");
    Cases.fails(
        GroupIdNotFoundException.class,
        () -> lab.admin.describeConsumerGroups(group).all().get());
  }

  private static void duration(Lab lab) throws Exception {
    String topic = lab.topic("duration", 1);
    lab.fill(topic, 1, 10, Map.of());
    Map<String, String> config = Map.of("auto.offset.reset", "by_duration:PT1H");
    try (var consumer = lab.consumer(config)) {
      consumer.assign(Lab.partitionsOf(topic, 1));
      Lab.take(consumer, 10);
    }
  }
}
