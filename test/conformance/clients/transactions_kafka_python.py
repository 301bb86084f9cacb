"""A transactional copier with kafka-python: see steps.py for how it is told what to do."""

import sys
import time
from contextlib import closing


from kafka import KafkaAdminClient, KafkaConsumer, KafkaProducer, TopicPartition
from kafka.admin import NewTopic
from kafka.errors import KafkaError
from kafka.structs import OffsetAndMetadata

from steps import BATCH, LIMIT_S, PARTITIONS, copying, group_of, run

COMMON = {
    "bootstrap_servers": sys.argv[1],
    "reconnect_backoff_ms": 50,
    "reconnect_backoff_max_ms": 500,
    "retry_backoff_ms": 50,
}


class Copier:
    """Consumes from one topic, and produces to another in transactions that carry the offsets."""

    def __init__(self, source, target, transactional_id):
        self.target = target
        self.producer = KafkaProducer(**COMMON, transactional_id=transactional_id)
        self.producer.init_transactions()
        self.consumer = KafkaConsumer(
            **COMMON,
            group_id=group_of(source, target),
            auto_offset_reset="earliest",
            enable_auto_commit=False,
            isolation_level="read_committed",
            session_timeout_ms=6000,
            heartbeat_interval_ms=1000,
            fetch_max_wait_ms=100,
        )
        self.consumer.subscribe([source])

    def open(self, idle_s):
        """Leaves a transaction open with its records in the log; 0 when nothing came."""
        deadline = time.monotonic() + idle_s
        messages = []
        while not messages and time.monotonic() < deadline:
            polled = self.consumer.poll(timeout_ms=100, max_records=BATCH)
            messages = [message for records in polled.values() for message in records]
        if not messages:
            return 0
        self.producer.begin_transaction()
        for message in messages:
            self.producer.send(self.target, message.value, message.key)
        self.producer.flush(timeout=LIMIT_S)
        positions = {
            partition: OffsetAndMetadata(self.consumer.position(partition), "", -1)
            for partition in self.consumer.assignment()
        }
        self.producer.send_offsets_to_transaction(positions, self.consumer.config["group_id"])
        return len(messages)

    def commit(self):
        self.producer.commit_transaction()

    def abort(self):
        self.producer.abort_transaction()
        for partition in self.consumer.assignment():
            self.consumer.seek(partition, self.consumer.committed(partition) or 0)


def create(*topics):
    with closing(KafkaAdminClient(**COMMON)) as admin:
        admin.create_topics([NewTopic(topic, PARTITIONS, 1) for topic in topics])


def fill(topic, count):
    producer = KafkaProducer(**COMMON)
    futures = [producer.send(topic, b"%d" % i, b"%d" % i) for i in range(count)]
    producer.flush(timeout=LIMIT_S)
    producer.close()
    return sum(not future.succeeded() for future in futures)


def read(topic, isolation):
    """Every value of the topic up to its end as that isolation level sees it."""
    options = {"isolation_level": isolation, "fetch_max_wait_ms": 100}
    with closing(KafkaConsumer(**COMMON, **options)) as consumer:
        partitions = [TopicPartition(topic, partition) for partition in range(PARTITIONS)]
        consumer.assign(partitions)
        consumer.seek_to_beginning(*partitions)
        ends = consumer.end_offsets(partitions)
        deadline = time.monotonic() + LIMIT_S
        values = []
        while any(consumer.position(partition) < end for partition, end in ends.items()):
            if time.monotonic() > deadline:
                raise RuntimeError("the reader waits for ever")
            for records in consumer.poll(timeout_ms=100).values():
                values.extend(record.value.decode() for record in records)
        return values


run(
    copying(Copier, create=create, fill=fill, read=read),
    KafkaError,
    lambda error: type(error).__name__,
)
