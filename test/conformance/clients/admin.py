"""confluent-kafka's AdminClient, step by step; prints what it saw as one line of JSON: see ../admin.test.ts."""

import json
import sys
import time

from confluent_kafka import (
    Consumer,
    ConsumerGroupTopicPartitions,
    KafkaException,
    Producer,
    TopicPartition,
)
from confluent_kafka.admin import (
    AdminClient,
    AlterConfigOpType,
    ConfigEntry,
    ConfigResource,
    NewTopic,
    OffsetSpec,
)

TOPIC = "admin-topic"
GROUP = "admin-group"
LIMIT_S = 20
BASE_MS = 1_700_000_000_000

bootstrap = sys.argv[1]
admin = AdminClient({"bootstrap.servers": bootstrap})
seen = {}


def result(futures):
    """The result of the only future."""
    (future,) = futures.values()
    return future.result(timeout=LIMIT_S)


def code(futures):
    """The error code of the only future; 0 when there was none."""
    try:
        result(futures)
        return 0
    except KafkaException as error:
        return error.args[0].code()


def topic(name=TOPIC, **values):
    return ConfigResource(ConfigResource.Type.TOPIC, name, **values)


def configs(*names):
    entries = result(admin.describe_configs([topic()]))
    return {name: [entries[name].value, entries[name].source] for name in names}


def step(name, operation, value=None):
    return ConfigEntry(name, value, incremental_operation=operation)


def alter(*steps, name=TOPIC):
    return admin.incremental_alter_configs([topic(name, incremental_configs=list(steps))])


def alter_configs():
    names = ["retention.ms", "cleanup.policy"]
    result(
        alter(
            step("retention.ms", AlterConfigOpType.SET, "60000"),
            step("cleanup.policy", AlterConfigOpType.APPEND, "compact"),
        )
    )
    seen["altered"] = configs(*names)
    result(alter(*[step(name, AlterConfigOpType.DELETE) for name in names]))
    seen["takenBack"] = configs(*names)
    result(admin.alter_configs([topic(set_config={"segment.ms": "1000"})]))
    seen["replaced"] = configs("segment.ms")
    wrong = step("no.such", AlterConfigOpType.SET, "1")
    right = step("retention.ms", AlterConfigOpType.SET, "1")
    seen["refused"] = [code(alter(wrong)), code(alter(right, name="nowhere"))]


def produce():
    producer = Producer({"bootstrap.servers": bootstrap})
    for i in range(10):
        producer.produce(TOPIC, partition=0, value=str(i), timestamp=BASE_MS + i)
    if producer.flush(LIMIT_S):
        raise RuntimeError("not all delivered")


def delete_records(offset):
    return admin.delete_records([TopicPartition(TOPIC, 0, offset)])


def list_offsets():
    specs = {
        "earliest": OffsetSpec.earliest(),
        "latest": OffsetSpec.latest(),
        "maxTimestamp": OffsetSpec.max_timestamp(),
        "byTime": OffsetSpec.for_timestamp(BASE_MS + 5),
    }
    return {
        name: result(admin.list_offsets({TopicPartition(TOPIC, 0): spec})).offset
        for name, spec in specs.items()
    }


def groups():
    consumer = Consumer({"bootstrap.servers": bootstrap, "group.id": GROUP})
    consumer.subscribe([TOPIC])
    until = time.monotonic() + LIMIT_S
    while not consumer.assignment() and time.monotonic() < until:
        consumer.poll(0.1)
    listed = admin.list_consumer_groups().result(timeout=LIMIT_S)
    seen["groups"] = [group.group_id for group in listed.valid]
    described = result(admin.describe_consumer_groups([GROUP]))
    seen["members"] = [
        sorted(p.partition for p in member.assignment.topic_partitions)
        for member in described.members
    ]
    consumer.commit(offsets=[TopicPartition(TOPIC, 0, 7)], asynchronous=False)
    consumer.close()
    seen["committed"] = committed()
    moved = ConsumerGroupTopicPartitions(GROUP, [TopicPartition(TOPIC, 0, 5)])
    result(admin.alter_consumer_group_offsets([moved]))
    seen["alteredOffset"] = committed()
    seen["deletedGroup"] = code(admin.delete_consumer_groups([GROUP]))


def committed():
    found = result(admin.list_consumer_group_offsets([ConsumerGroupTopicPartitions(GROUP)]))
    (offset,) = [p.offset for p in found.topic_partitions if p.partition == 0]
    return offset


result(admin.create_topics([NewTopic(TOPIC, num_partitions=2, replication_factor=1)]))
alter_configs()
produce()
seen["deletedTo"] = result(delete_records(4)).low_watermark
seen["deletedOutside"] = code(delete_records(11))
seen["offsets"] = list_offsets()
groups()
seen["deletedAll"] = result(delete_records(-1)).low_watermark
cluster = admin.describe_cluster().result(timeout=LIMIT_S)
seen["cluster"] = [len(cluster.nodes), cluster.controller.id]
print(json.dumps(seen))
