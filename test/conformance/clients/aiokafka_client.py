"""aiokafka as a client program: see ../protocol.ts for what it speaks."""

import asyncio
import threading

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, ConsumerRebalanceListener, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import for_code

from serve import LIMIT_S, assigned, decode, received, serve

bootstrap = ""
producers = {}
members = {}
tasks = set()
loop = asyncio.new_event_loop()
threading.Thread(target=loop.run_forever, daemon=True).start()


def config(**more):
    return {"bootstrap_servers": bootstrap, "retry_backoff_ms": 50, **more}


async def start(op):
    global bootstrap
    bootstrap = op["bootstrap"]


def raise_first(codes):
    """Answers of the admin client hold their errors as numbers."""
    for code in codes:
        if code != 0:
            raise for_code(code)


async def create_topic(op):
    admin = AIOKafkaAdminClient(**config())
    await admin.start()
    try:
        answer = await admin.create_topics([NewTopic(op["topic"], op["partitions"], 1)])
        raise_first(error[1] for error in answer.topic_errors)
    finally:
        await admin.close()


async def delete_topic(op):
    admin = AIOKafkaAdminClient(**config())
    await admin.start()
    try:
        answer = await admin.delete_topics([op["topic"]])
        raise_first(error[1] for error in answer.topic_error_codes)
    finally:
        await admin.close()


async def new_producer(codec, idempotent):
    sender = AIOKafkaProducer(
        **config(
            compression_type=None if codec == "none" else codec,
            enable_idempotence=idempotent,
            linger_ms=20,
            max_request_size=10000000,
        )
    )
    await sender.start()
    return sender


async def produce(op):
    """One producer for each setting, so that an idempotent one keeps its sequence numbers."""
    key = (op["codec"], op["idempotent"])
    if key not in producers:
        producers[key] = asyncio.ensure_future(new_producer(*key))
    sender = await producers[key]
    futures = []
    for message in op["messages"]:
        future = await sender.send(
            op["topic"],
            partition=message["partition"],
            key=decode(message["key"]),
            value=decode(message["value"]),
            headers=[(name, decode(value)) for name, value in message["headers"]],
            timestamp_ms=message["timestampMs"],
        )
        futures.append(future)
    await asyncio.wait_for(asyncio.gather(*futures), LIMIT_S)


async def offsets_at(op):
    consumer = AIOKafkaConsumer(op["topic"], **config())
    await consumer.start()
    try:
        partitions = consumer.partitions_for_topic(op["topic"])
        wanted = {TopicPartition(op["topic"], p): op["timestampMs"] for p in partitions}
        found = await consumer.offsets_for_times(wanted)
        return [[p.partition, -1 if at is None else at.offset] for p, at in found.items()]
    finally:
        await consumer.stop()


class Listener(ConsumerRebalanceListener):
    def __init__(self, member):
        self.member = member

    def on_partitions_assigned(self, partitions):
        assigned(self.member, {p.partition for p in partitions})

    def on_partitions_revoked(self, _partitions):
        assigned(self.member, set())


async def consume(member, consumer):
    async for r in consumer:
        received(member, r.partition, r.offset, r.key, r.value, r.headers, r.timestamp)


async def join(op):
    consumer = AIOKafkaConsumer(
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
    consumer.subscribe([op["topic"]], listener=Listener(op["member"]))
    await consumer.start()
    members[op["member"]] = (consumer, op["topic"])
    # The loop itself holds tasks only weakly.
    tasks.add(asyncio.ensure_future(consume(op["member"], consumer)))


async def commit(op):
    consumer, topic = members[op["member"]]
    await consumer.commit({TopicPartition(topic, p): offset for p, offset in op["positions"]})


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


def on_loop(handler):
    return lambda op: asyncio.run_coroutine_threadsafe(handler(op), loop).result()


serve({name: on_loop(handler) for name, handler in HANDLERS.items()}, code_of)
