"""kafka-python as a client program: see ../protocol.ts for what it speaks."""

import queue
import threading
from contextlib import closing

from kafka import ConsumerRebalanceListener, KafkaAdminClient, KafkaConsumer, KafkaProducer
from kafka import TopicPartition
from kafka.admin import NewTopic
from kafka.structs import OffsetAndMetadata

from serve import LIMIT_S, assigned, decode, received, serve

COMMON = {"reconnect_backoff_ms": 50, "reconnect_backoff_max_ms": 500, "retry_backoff_ms": 50}

bootstrap = ""
producers = {}
members = {}
making = threading.Lock()


def config(**more):
    return {"bootstrap_servers": bootstrap, **COMMON, **more}


def start(op):
    global bootstrap
    bootstrap = op["bootstrap"]


def create_topic(op):
    with closing(KafkaAdminClient(**config())) as admin:
        admin.create_topics([NewTopic(op["topic"], op["partitions"], 1)])


def delete_topic(op):
    with closing(KafkaAdminClient(**config())) as admin:
        admin.delete_topics([op["topic"]])


def producer(codec, idempotent):
    """One for each setting, so that an idempotent one keeps its sequence numbers through a restart."""
    with making:
        key = (codec, idempotent)
        if key not in producers:
            producers[key] = KafkaProducer(
                **config(
                    compression_type=None if codec == "none" else codec,
                    enable_idempotence=idempotent,
                    linger_ms=20,
                    max_request_size=10000000,
                )
            )
        return producers[key]


def produce(op):
    sender = producer(op["codec"], op["idempotent"])
    futures = [
        sender.send(
            op["topic"],
            partition=message["partition"],
            key=decode(message["key"]),
            value=decode(message["value"]),
            headers=[(name, decode(value)) for name, value in message["headers"]],
            timestamp_ms=message["timestampMs"],
        )
        for message in op["messages"]
    ]
    sender.flush(timeout=LIMIT_S)
    for future in futures:
        future.get(timeout=LIMIT_S)


def offsets_at(op):
    with closing(KafkaConsumer(**config())) as consumer:
        partitions = consumer.partitions_for_topic(op["topic"])
        wanted = {TopicPartition(op["topic"], p): op["timestampMs"] for p in partitions}
        found = consumer.offsets_for_times(wanted)
        return [[p.partition, -1 if at is None else at.offset] for p, at in found.items()]


class Listener(ConsumerRebalanceListener):
    def __init__(self, member):
        self.member = member
        self.held = set()

    def on_partitions_assigned(self, partitions):
        self.held.update(p.partition for p in partitions)
        assigned(self.member, self.held)

    def on_partitions_revoked(self, partitions):
        self.held.difference_update(p.partition for p in partitions)
        assigned(self.member, self.held)


def consume(member, topic, consumer, orders):
    """Polls, and commits what is ordered in between: a consumer belongs to one thread."""
    while True:
        while not orders.empty():
            positions, outcome = orders.get()
            offsets = {
                TopicPartition(topic, p): OffsetAndMetadata(offset, "", -1)
                for p, offset in positions
            }
            try:
                outcome.put(consumer.commit(offsets))
            except Exception as error:
                outcome.put(error)
        for records in consumer.poll(timeout_ms=50).values():
            for r in records:
                received(member, r.partition, r.offset, r.key, r.value, r.headers, r.timestamp)


def join(op):
    member = op["member"]
    consumer = KafkaConsumer(
        **config(
            group_id=op["group"],
            auto_offset_reset="earliest",
            enable_auto_commit=False,
            session_timeout_ms=6000,
            heartbeat_interval_ms=200,
            fetch_max_wait_ms=100,
            metadata_max_age_ms=1000,
        )
    )
    consumer.subscribe([op["topic"]], listener=Listener(member))
    orders = queue.Queue()
    members[member] = orders
    args = (member, op["topic"], consumer, orders)
    threading.Thread(target=consume, args=args, daemon=True).start()


def commit(op):
    outcome = queue.Queue()
    members[op["member"]].put((op["positions"], outcome))
    error = outcome.get(timeout=LIMIT_S)
    if error is not None:
        raise error


def code_of(error):
    return getattr(error, "errno", None) or -1


HANDLERS = {
    "start": start,
    "createTopic": create_topic,
    "deleteTopic": delete_topic,
    "produce": produce,
    "offsetsAt": offsets_at,
    "join": join,
    "commit": commit,
}

serve(HANDLERS, code_of)
