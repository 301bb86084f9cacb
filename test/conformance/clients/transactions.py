"""A transactional copier with librdkafka: see steps.py for how it is told what to do."""

import sys

from confluent_kafka import Consumer, KafkaException, Producer, TopicPartition
from confluent_kafka.admin import AdminClient, NewTopic

from steps import BATCH, LIMIT_S, PARTITIONS, copying, group_of, run

COMMON = {
    "bootstrap.servers": sys.argv[1],
    "reconnect.backoff.ms": 50,
    "reconnect.backoff.max.ms": 500,
    "retry.backoff.ms": 50,
    "log_level": 0,
    # librdkafka 2.16 gives up its brokers when all are down and starts anew, but goes on to send
    # TxnOffsetCommit through the coordinator it remembers, which is then gone: it waits for ever.
    "metadata.recovery.strategy": "none",
}


class Copier:
    """Consumes from one topic, and produces to another in transactions that carry the offsets."""

    def __init__(self, source, target, transactional_id):
        self.target = target
        self.producer = Producer({**COMMON, "transactional.id": transactional_id})
        self.producer.init_transactions(LIMIT_S)
        self.consumer = Consumer(
            {
                **COMMON,
                "group.id": group_of(source, target),
                "auto.offset.reset": "earliest",
                "enable.auto.commit": False,
                "isolation.level": "read_committed",
                "session.timeout.ms": 6000,
                "fetch.wait.max.ms": 100,
            }
        )
        self.consumer.subscribe([source])

    def open(self, idle_s):
        """Leaves a transaction open with its records in the log; 0 when nothing came."""
        messages = self.consumer.consume(BATCH, timeout=idle_s)
        messages = [message for message in messages if message.error() is None]
        if not messages:
            return 0
        self.producer.begin_transaction()
        for message in messages:
            self.producer.produce(self.target, message.value(), message.key())
        self.producer.flush(LIMIT_S)
        positions = self.consumer.position(self.consumer.assignment())
        group = self.consumer.consumer_group_metadata()
        self.producer.send_offsets_to_transaction(positions, group, LIMIT_S)
        return len(messages)

    def commit(self):
        self.producer.commit_transaction(LIMIT_S)

    def abort(self):
        self.producer.abort_transaction(LIMIT_S)
        for partition in self.consumer.committed(self.consumer.assignment(), LIMIT_S):
            start = partition.offset if partition.offset >= 0 else 0
            self.consumer.seek(TopicPartition(partition.topic, partition.partition, start))


def create(*topics):
    new = [NewTopic(topic, num_partitions=PARTITIONS, replication_factor=1) for topic in topics]
    # Futures do not keep their client alive.
    admin = AdminClient(COMMON)
    for future in admin.create_topics(new, operation_timeout=10).values():
        future.result()


def fill(topic, count):
    producer = Producer(COMMON)
    for i in range(count):
        producer.produce(topic, str(i), str(i))
    return producer.flush(LIMIT_S)


def read(topic, isolation):
    """Every value of the topic up to its end as that isolation level sees it."""
    consumer = Consumer(
        {
            **COMMON,
            "group.id": "reader",
            "isolation.level": isolation,
            "enable.auto.commit": False,
            "enable.partition.eof": True,
            "fetch.wait.max.ms": 100,
        }
    )
    try:
        consumer.assign([TopicPartition(topic, partition, 0) for partition in range(PARTITIONS)])
        values, left = [], set(range(PARTITIONS))
        while left:
            message = consumer.poll(LIMIT_S)
            if message is None:
                raise RuntimeError("the reader waits for ever")
            if message.error() is None:
                values.append(message.value().decode())
            else:
                left.discard(message.partition())
        return values
    finally:
        consumer.close()


run(
    copying(Copier, create=create, fill=fill, read=read),
    KafkaException,
    lambda error: error.args[0].name(),
)
