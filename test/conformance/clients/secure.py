"""confluent-kafka (librdkafka) through one login: reads a configuration as JSON, sends a message, reads it back in a
group, and prints {"received": ...} or {"error": code, "message": ...}."""

import json
import sys
import time

from confluent_kafka import Consumer, KafkaError, KafkaException, Producer

LIMIT_S = 20

order = json.load(sys.stdin)
topic = order["topic"]
fatal = []


def failed(error):
    """The first of the errors that say why, and not only that no broker could be reached."""
    why = (KafkaError._AUTHENTICATION, KafkaError._SSL, KafkaError.UNSUPPORTED_SASL_MECHANISM)
    if error.code() in why:
        fatal.append(error)


def config(**more):
    return {**order["config"], "log_level": 0, "error_cb": failed, **more}


def delivered(error, _message):
    if error is not None:
        raise KafkaException(error)


def send():
    producer = Producer(config())
    producer.produce(topic, value=b"secret", on_delivery=delivered)
    end = time.monotonic() + LIMIT_S
    while len(producer) > 0:
        producer.poll(0.05)
        if fatal:
            producer.purge(in_queue=True)
            raise KafkaException(fatal[0])
        if time.monotonic() > end:
            raise TimeoutError("not delivered")


def receive():
    more = {"group.id": topic, "auto.offset.reset": "earliest"}
    consumer = Consumer(config(**more))
    consumer.subscribe([topic])
    try:
        end = time.monotonic() + LIMIT_S
        while time.monotonic() < end:
            message = consumer.poll(0.2)
            if message is not None and message.error() is None:
                consumer.commit(message=message, asynchronous=False)
                return message.value().decode()
        raise TimeoutError("not received")
    finally:
        consumer.close()


try:
    send()
    result = {"received": receive()}
except KafkaException as problem:
    result = {"error": problem.args[0].name(), "message": problem.args[0].str()}
print(json.dumps(result), flush=True)
