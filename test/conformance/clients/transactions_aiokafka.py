"""A transactional copier with aiokafka: see steps.py for how it is told what to do."""

import asyncio
import sys

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import KafkaError

from steps import BATCH, LIMIT_S, PARTITIONS, copying, group_of, run

COMMON = {"bootstrap_servers": sys.argv[1], "retry_backoff_ms": 50}
loop = asyncio.new_event_loop()
wait = loop.run_until_complete


class Copier:
    """Consumes from one topic, and produces to another in transactions that carry the offsets."""

    def __init__(self, source, target, transactional_id):
        self.target = target
        self.group = group_of(source, target)
        wait(self.start(source, transactional_id))

    async def start(self, source, transactional_id):
        self.producer = AIOKafkaProducer(**COMMON, transactional_id=transactional_id)
        await self.producer.start()
        self.consumer = AIOKafkaConsumer(
            source,
            **COMMON,
            group_id=self.group,
            auto_offset_reset="earliest",
            enable_auto_commit=False,
            isolation_level="read_committed",
            session_timeout_ms=6000,
            heartbeat_interval_ms=1000,
            fetch_max_wait_ms=100,
        )
        await self.consumer.start()

    async def copy(self, idle_s):
        polled = await self.consumer.getmany(timeout_ms=idle_s * 1000, max_records=BATCH)
        messages = [message for records in polled.values() for message in records]
        if not messages:
            return 0
        await self.producer.begin_transaction()
        for message in messages:
            await self.producer.send(self.target, message.value, message.key)
        await self.producer.flush()
        positions = {
            partition: await self.consumer.position(partition)
            for partition in self.consumer.assignment()
        }
        await self.producer.send_offsets_to_transaction(positions, self.group)
        return len(messages)

    async def rewind(self):
        await self.producer.abort_transaction()
        for partition in self.consumer.assignment():
            self.consumer.seek(partition, await self.consumer.committed(partition) or 0)

    def open(self, idle_s):
        """Leaves a transaction open with its records in the log; 0 when nothing came."""
        return wait(self.copy(idle_s))

    def commit(self):
        wait(self.producer.commit_transaction())

    def abort(self):
        wait(self.rewind())


async def create(*topics):
    admin = AIOKafkaAdminClient(**COMMON)
    await admin.start()
    await admin.create_topics([NewTopic(topic, PARTITIONS, 1) for topic in topics])
    await admin.close()


async def fill(topic, count):
    async with AIOKafkaProducer(**COMMON) as producer:
        for i in range(count):
            await producer.send(topic, b"%d" % i, b"%d" % i)
        await producer.flush()
    return 0


async def read(topic, isolation):
    """Every value of the topic up to its end as that isolation level sees it."""
    consumer = AIOKafkaConsumer(**COMMON, isolation_level=isolation, fetch_max_wait_ms=100)
    await consumer.start()
    try:
        partitions = [TopicPartition(topic, partition) for partition in range(PARTITIONS)]
        consumer.assign(partitions)
        await consumer.seek_to_beginning(*partitions)
        ends = await consumer.end_offsets(partitions)
        values = []
        async with asyncio.timeout(LIMIT_S):
            while any([await consumer.position(p) < end for p, end in ends.items()]):
                for records in (await consumer.getmany(timeout_ms=100)).values():
                    values.extend(record.value.decode() for record in records)
        return values
    finally:
        await consumer.stop()


run(
    copying(
        Copier,
        create=lambda *topics: wait(create(*topics)),
        fill=lambda *arguments: wait(fill(*arguments)),
        read=lambda *arguments: wait(read(*arguments)),
    ),
    KafkaError,
    lambda error: type(error).__name__,
)
