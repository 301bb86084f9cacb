"""kafka-python through one login: reads a configuration under librdkafka's names as JSON, sends a message, reads it
back in a group, and prints {"received": ...} or {"error": name, "message": ...}; the message is what it
wrote into its log."""

import json
import sys

from kafka import KafkaConsumer, KafkaProducer
from kafka.errors import KafkaError

from complaints import Complaints

LIMIT_S = 20
# It tries again until then, whatever the reason.
BOOTSTRAP_LIMIT_MS = 5000
NAMES = {
    "bootstrap.servers": "bootstrap_servers",
    "security.protocol": "security_protocol",
    "ssl.ca.location": "ssl_cafile",
    "sasl.mechanism": "sasl_mechanism",
    "sasl.username": "sasl_plain_username",
    "sasl.password": "sasl_plain_password",
}

complaints = Complaints("kafka")
order = json.load(sys.stdin)
topic = order["topic"]
config = {NAMES[name]: value for name, value in order["config"].items()}
config["security_protocol"] = config["security_protocol"].upper()
config["bootstrap_timeout_ms"] = BOOTSTRAP_LIMIT_MS


def send():
    producer = KafkaProducer(**config, max_block_ms=LIMIT_S * 1000)
    producer.send(topic, b"secret").get(timeout=LIMIT_S)
    producer.close()


def receive():
    more = {"group_id": topic, "auto_offset_reset": "earliest"}
    with KafkaConsumer(topic, **config, **more, consumer_timeout_ms=LIMIT_S * 1000) as consumer:
        for message in consumer:
            consumer.commit()
            return message.value.decode()
    raise TimeoutError("not received")


try:
    send()
    result = {"received": receive()}
except KafkaError as problem:
    result = {"error": type(problem).__name__, "message": complaints.text()}
print(json.dumps(result), flush=True)
