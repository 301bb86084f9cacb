import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.DescribeClusterResult;
import org.apache.kafka.clients.admin.FeatureMetadata;
import org.apache.kafka.clients.admin.FeatureUpdate;
import org.apache.kafka.clients.admin.LogDirDescription;
import org.apache.kafka.clients.admin.NewPartitionReassignment;
import org.apache.kafka.clients.admin.QuorumInfo;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.apache.kafka.common.ElectionType;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionReplica;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.ElectionNotNeededException;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.errors.InvalidReplicaAssignmentException;
import org.apache.kafka.common.errors.InvalidUpdateVersionException;
import org.apache.kafka.common.errors.NoReassignmentInProgressException;
import org.apache.kafka.common.errors.SecurityDisabledException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.apache.kafka.common.quota.ClientQuotaFilter;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;

/** The cluster and its configs as the admin client sees and alters them. */
final class Administration {
  private static final ScramCredentialInfo SCRAM =
      new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_256, 4096);

  /** What clients and tools look up, with Kafka's defaults for one broker. */
  private static final Map<String, String> BROKER_CONFIGS =
      Map.of(
          "num.partitions", "1",
          "default.replication.factor", "1",
          "min.insync.replicas", "1",
          "auto.create.topics.enable", "true",
          "delete.topic.enable", "true",
          "message.max.bytes", "1048588",
          "transaction.max.timeout.ms", "900000",
          "offsets.retention.minutes", "10080",
          "group.max.session.timeout.ms", "1800000",
          "group.consumer.session.timeout.ms", "45000");

  private Administration() {}

  static void add(Cases cases, Lab lab) {
    cases
        .add("the cluster", () -> cluster(lab))
        .add("configs of a topic, with default and source", () -> topicConfigs(lab))
        .add("configs of the broker", () -> brokerConfigs(lab))
        .add("unknown configs and topics", () -> unknownConfigs(lab))
        .add("log folders", () -> logDirs(lab))
        .add("leader elections", () -> elections(lab))
        .add("reassignments", () -> reassignments(lab))
        .add("features", () -> features(lab))
        .add("the quorum", () -> quorum(lab))
        .add("ACLs without an authoriser", () -> acls(lab))
        .add("SCRAM users, of which there are none", () -> scramUsers(lab))
        .add("quotas, of which there are none", () -> quotas(lab))
        .add("delegation tokens", () -> tokens(lab));
  }

  private static void cluster(Lab lab) throws Exception {
    DescribeClusterResult cluster = lab.admin.describeCluster();
    Cases.equal(cluster.nodes().get().size(), 1);
    Cases.equal(cluster.controller().get().idString(), cluster.nodes().get().iterator().next().idString());
    String id = cluster.clusterId().get();
    Cases.holds(!id.isEmpty(), "it has an id");
    lab.restart();
    Cases.equal(lab.admin.describeCluster().clusterId().get(), id);
  }

  private static Config configs(Lab lab, ConfigResource resource) throws Exception {
    return lab.admin.describeConfigs(List.of(resource)).all().get().get(resource);
  }

  private static void alter(Lab lab, ConfigResource of, AlterConfigOp.OpType op, String name, String value)
      throws Exception {
    Collection<AlterConfigOp> ops = List.of(new AlterConfigOp(new ConfigEntry(name, value), op));
    lab.admin.incrementalAlterConfigs(Map.of(of, ops)).all().get();
  }

  private static void topicConfigs(Lab lab) throws Exception {
    String name = lab.topic("configs", 1);
    ConfigResource topic = new ConfigResource(ConfigResource.Type.TOPIC, name);
    ConfigEntry before = configs(lab, topic).get("retention.ms");
    Cases.equal(before.value(), "604800000");
    Cases.equal(before.source(), ConfigEntry.ConfigSource.DEFAULT_CONFIG);
    alter(lab, topic, AlterConfigOp.OpType.SET, "retention.ms", "86400000");
    ConfigEntry after = configs(lab, topic).get("retention.ms");
    Cases.equal(after.value(), "86400000");
    Cases.equal(after.source(), ConfigEntry.ConfigSource.DYNAMIC_TOPIC_CONFIG);
    alter(lab, topic, AlterConfigOp.OpType.APPEND, "cleanup.policy", "compact");
    Cases.equal(configs(lab, topic).get("cleanup.policy").value(), "delete,compact");
    alter(lab, topic, AlterConfigOp.OpType.SUBTRACT, "cleanup.policy", "delete");
    Cases.equal(configs(lab, topic).get("cleanup.policy").value(), "compact");
    lab.restart();
    Cases.equal(configs(lab, topic).get("cleanup.policy").value(), "compact");
    alter(lab, topic, AlterConfigOp.OpType.DELETE, "retention.ms", "");
    Cases.equal(configs(lab, topic).get("retention.ms").value(), "604800000");
  }

  private static void brokerConfigs(Lab lab) throws Exception {
    String id = lab.admin.describeCluster().nodes().get().iterator().next().idString();
    Config configs = configs(lab, new ConfigResource(ConfigResource.Type.BROKER, id));
    BROKER_CONFIGS.forEach((name, value) -> {
      Cases.holds(configs.get(name) != null, name);
      Cases.equal(configs.get(name).value(), value);
    });
  }

  private static void unknownConfigs(Lab lab) throws Exception {
    String name = lab.topic("configs", 1);
    ConfigResource topic = new ConfigResource(ConfigResource.Type.TOPIC, name);
    Cases.fails(
        InvalidConfigurationException.class,
        () -> {
          alter(lab, topic, AlterConfigOp.OpType.SET, "no.such.config", "1");
          return null;
        });
    ConfigResource absent = new ConfigResource(ConfigResource.Type.TOPIC, "no-such-topic");
    Cases.fails(UnknownTopicOrPartitionException.class, () -> configs(lab, absent));
  }

  private static void logDirs(Lab lab) throws Exception {
    String name = lab.topic("log-dirs", 2);
    lab.fill(name, 2, 100, Map.of());
    int id = lab.admin.describeCluster().nodes().get().iterator().next().id();
    Map<String, LogDirDescription> folders =
        lab.admin.describeLogDirs(List.of(id)).allDescriptions().get().get(id);
    Cases.equal(folders.size(), 1);
    LogDirDescription folder = folders.values().iterator().next();
    var replica = folder.replicaInfos().get(new TopicPartition(name, 1));
    Cases.holds(replica.size() > 0, "it takes room");
    TopicPartitionReplica asked = new TopicPartitionReplica(name, 1, id);
    var found = lab.admin.describeReplicaLogDirs(List.of(asked)).all().get().get(asked);
    Cases.equal(found.getCurrentReplicaLogDir(), folders.keySet().iterator().next());
  }

  private static void elections(Lab lab) throws Exception {
    TopicPartition partition = new TopicPartition(lab.topic("election", 1), 0);
    for (ElectionType type : ElectionType.values()) {
      var result = lab.admin.electLeaders(type, Set.of(partition)).partitions().get();
      Throwable error = result.get(partition).get();
      Cases.holds(error instanceof ElectionNotNeededException, "not needed: " + error);
      Cases.equal(lab.admin.electLeaders(type, null).partitions().get().size(), 0);
    }
  }

  private static Object reassign(Lab lab, TopicPartition partition, Integer... replicas)
      throws Exception {
    Optional<NewPartitionReassignment> target =
        replicas.length == 0
            ? Optional.empty()
            : Optional.of(new NewPartitionReassignment(List.of(replicas)));
    return lab.admin.alterPartitionReassignments(Map.of(partition, target)).all().get();
  }

  private static void reassignments(Lab lab) throws Exception {
    TopicPartition partition = new TopicPartition(lab.topic("reassign", 1), 0);
    int id = lab.admin.describeCluster().nodes().get().iterator().next().id();
    reassign(lab, partition, id);
    Cases.equal(lab.admin.listPartitionReassignments().reassignments().get(), Map.of());
    Cases.fails(NoReassignmentInProgressException.class, () -> reassign(lab, partition));
    Cases.fails(
        InvalidReplicaAssignmentException.class, () -> reassign(lab, partition, id + 50));
    TopicPartition absent = new TopicPartition("no-such-topic", 0);
    Cases.fails(UnknownTopicOrPartitionException.class, () -> reassign(lab, absent, id));
  }

  private static void features(Lab lab) throws Exception {
    FeatureMetadata features = lab.admin.describeFeatures().featureMetadata().get();
    Cases.holds(features.finalizedFeatures().containsKey("group.version"), "group.version");
    var update = new FeatureUpdate((short) 9, FeatureUpdate.UpgradeType.UPGRADE);
    Cases.fails(
        InvalidUpdateVersionException.class,
        () -> lab.admin.updateFeatures(Map.of("group.version", update), options()).all().get());
  }

  private static org.apache.kafka.clients.admin.UpdateFeaturesOptions options() {
    return new org.apache.kafka.clients.admin.UpdateFeaturesOptions();
  }

  private static void quorum(Lab lab) throws Exception {
    QuorumInfo quorum = lab.admin.describeMetadataQuorum().quorumInfo().get();
    Cases.equal(quorum.voters().size(), 1);
    Cases.equal(quorum.leaderId(), quorum.voters().get(0).replicaId());
    Cases.equal(quorum.observers().size(), 0);
  }

  private static void acls(Lab lab) throws Exception {
    var pattern = new ResourcePattern(ResourceType.TOPIC, "t", PatternType.LITERAL);
    var entry =
        new AccessControlEntry("User:a", "*", AclOperation.READ, AclPermissionType.ALLOW);
    Cases.fails(
        SecurityDisabledException.class,
        () -> lab.admin.describeAcls(AclBindingFilter.ANY).values().get());
    Cases.fails(
        SecurityDisabledException.class,
        () -> lab.admin.createAcls(List.of(new AclBinding(pattern, entry))).all().get());
    Cases.fails(
        SecurityDisabledException.class,
        () -> lab.admin.deleteAcls(List.of(AclBindingFilter.ANY)).all().get());
  }

  private static void scramUsers(Lab lab) throws Exception {
    Cases.equal(lab.admin.describeUserScramCredentials().all().get(), Map.of());
    var user = new UserScramCredentialUpsertion("alice", SCRAM, "secret");
    Cases.fails(
        SecurityDisabledException.class,
        () -> lab.admin.alterUserScramCredentials(List.of(user)).all().get());
  }

  private static void quotas(Lab lab) throws Exception {
    Cases.equal(
        lab.admin.describeClientQuotas(ClientQuotaFilter.all()).entities().get(), Map.of());
  }

  /** A broker without a secret key for them says they are disabled; the lab does not have the API. */
  private static void tokens(Lab lab) throws Exception {
    Cases.fails(
        UnsupportedVersionException.class,
        () -> lab.admin.describeDelegationToken().delegationTokens().get());
  }
}
