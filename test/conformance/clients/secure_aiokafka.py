"""aiokafka through one login: reads a configuration under librdkafka's names as JSON, sends a message, reads it back
in a group, and prints {"received": ...} or {"error": name, "message": ...}; the message is what it
wrote into its log."""

import asyncio
import json
import sys

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.errors import KafkaError
from aiokafka.helpers import create_ssl_context

from complaints import Complaints

LIMIT_S = 20
NAMES = {
    "bootstrap.servers": "bootstrap_servers",
    "security.protocol": "security_protocol",
    "sasl.mechanism": "sasl_mechanism",
    "sasl.username": "sasl_plain_username",
    "sasl.password": "sasl_plain_password",
}

complaints = Complaints("aiokafka")
order = json.load(sys.stdin)
topic = order["topic"]
root = order["config"].pop("ssl.ca.location", None)
config = {NAMES[name]: value for name, value in order["config"].items()}
config["security_protocol"] = config["security_protocol"].upper()
config["ssl_context"] = create_ssl_context(cafile=root)


async def send_and_receive():
    async with AIOKafkaProducer(**config) as producer:
        await producer.send_and_wait(topic, b"secret")
    more = {"group_id": topic, "auto_offset_reset": "earliest"}
    async with AIOKafkaConsumer(topic, **config, **more) as consumer:
        message = await asyncio.wait_for(consumer.getone(), LIMIT_S)
        await consumer.commit()
        return message.value.decode()


try:
    result = {"received": asyncio.run(send_and_receive())}
except KafkaError as problem:
    result = {"error": type(problem).__name__, "message": complaints.text()}
print(json.dumps(result), flush=True)
