"""confluent-kafka (librdkafka) as a client program: see ../protocol.ts for what it speaks.

With the argument "consumer" its groups use the protocol of KIP-848."""

import queue
import sys
import threading

from confluent_kafka import Consumer, KafkaError, KafkaException, Producer, TopicPartition
from confluent_kafka.admin import AdminClient, NewTopic

from serve import LIMIT_S, assigned, decode, received, serve

COMMON = {
    "reconnect.backoff.ms": 50,
    "reconnect.backoff.max.ms": 500,
    "retry.backoff.ms": 50,
    "topic.metadata.propagation.max.ms": 10000,
    "log_level": 3,
}

CLASSIC = {"session.timeout.ms": 6000, "heartbeat.interval.ms": 200}
# The broker decides on sessions and heartbeats of the consumer protocol.
GROUP_PROTOCOL = {"group.protocol": "consumer"} if "consumer" in sys.argv else CLASSIC

bootstrap = ""
producers = {}
members = {}


def config(**more):
    return {"bootstrap.servers": bootstrap, **COMMON, **more}


def start(op):
    global bootstrap
    bootstrap = op["bootstrap"]


def create_topic(op):
    topics = [NewTopic(op["topic"], num_partitions=op["partitions"], replication_factor=1)]
    admin = AdminClient(config())
    for future in admin.create_topics(topics, operation_timeout=10).values():
        future.result()


def delete_topic(op):
    admin = AdminClient(config())
    for future in admin.delete_topics([op["topic"]], operation_timeout=10).values():
        future.result()


def producer(codec, idempotent):
    """One for each setting, so that an idempotent one keeps its sequence numbers through a restart."""
    key = (codec, idempotent)
    if key not in producers:
        more = {"compression.type": codec, "enable.idempotence": idempotent, "linger.ms": 20}
        more["message.max.bytes"] = 10000000
        producers[key] = Producer(config(**more))
    return producers[key]


def produce(op):
    sender = producer(op["codec"], op["idempotent"])
    failures = []

    def delivered(error, _message):
        if error is not None:
            failures.append(error)

    for message in op["messages"]:
        sender.produce(
            op["topic"],
            partition=message["partition"],
            key=decode(message["key"]),
            value=decode(message["value"]),
            headers=[(name, decode(value)) for name, value in message["headers"]],
            timestamp=message["timestampMs"],
            on_delivery=delivered,
        )
        sender.poll(0)
    left = sender.flush(LIMIT_S)
    if failures:
        raise KafkaException(failures[0])
    if left:
        raise RuntimeError(f"{left} messages not delivered")


def offsets_at(op):
    consumer = Consumer(config(**{"group.id": "offsets-at"}))
    try:
        topic = consumer.list_topics(op["topic"], timeout=10).topics[op["topic"]]
        wanted = [TopicPartition(op["topic"], p, op["timestampMs"]) for p in topic.partitions]
        found = consumer.offsets_for_times(wanted, timeout=10)
        # librdkafka says "end" where the answer was none.
        return [[p.partition, p.offset if p.offset >= 0 else -1] for p in found]
    finally:
        consumer.close()


def consume(name, consumer, orders):
    """Polls, and commits what is ordered in between: librdkafka's consumer wants a single thread."""
    while True:
        while not orders.empty():
            offsets, answer = orders.get()
            try:
                answer.put(consumer.commit(offsets=offsets, asynchronous=False))
            except KafkaException as error:
                answer.put(error)
        message = consumer.poll(0.05)
        if message is None:
            continue
        if message.error() is not None:
            if message.error().code() != KafkaError._PARTITION_EOF:
                sys.stderr.write(f"{message.error()}\n")
            continue
        place = (message.partition(), message.offset())
        content = (message.key(), message.value(), message.headers())
        received(name, *place, *content, message.timestamp()[1])


def join(op):
    name = op["member"]
    consumer = Consumer(
        config(
            **{
                "group.id": op["group"],
                "auto.offset.reset": "earliest",
                "enable.auto.commit": False,
                **GROUP_PROTOCOL,
                "fetch.wait.max.ms": 100,
                "topic.metadata.refresh.interval.ms": 1000,
            }
        )
    )
    orders = queue.Queue()
    members[name] = (orders, op["topic"])
    held = set()

    def gained(_consumer, partitions):
        held.update(p.partition for p in partitions)
        assigned(name, held)

    def revoked(_consumer, partitions):
        held.difference_update(p.partition for p in partitions)
        assigned(name, held)

    consumer.subscribe([op["topic"]], on_assign=gained, on_revoke=revoked, on_lost=revoked)
    threading.Thread(target=consume, args=(name, consumer, orders), daemon=True).start()


def commit(op):
    orders, topic = members[op["member"]]
    answer = queue.Queue()
    orders.put(([TopicPartition(topic, p, offset) for p, offset in op["positions"]], answer))
    outcome = answer.get(timeout=LIMIT_S)
    if isinstance(outcome, Exception):
        raise outcome
    for partition in outcome:
        if partition.error is not None:
            raise KafkaException(partition.error)


HANDLERS = {
    "start": start,
    "createTopic": create_topic,
    "deleteTopic": delete_topic,
    "produce": produce,
    "offsetsAt": offsets_at,
    "join": join,
    "commit": commit,
}


def code_of(error):
    return error.args[0].code() if isinstance(error, KafkaException) else -1


serve(HANDLERS, code_of)
