"""Members of a group that come and go, with librdkafka: what ../churn.test.ts tells them.

usage: churn.py BOOTSTRAP TOPIC GROUP (range|cooperative-sticky|consumer)
Each line of stdin is a JSON array: ["join", NAME], ["leave", NAME] or ["produce", COUNT]. Each line of
stdout is JSON too: what a member has handled, before it commits that; commits refused; what was sent.
"""

import json
import sys
import threading

from confluent_kafka import Consumer, KafkaError, KafkaException, Producer

BOOTSTRAP, TOPIC, GROUP, MODE = sys.argv[1:]
BATCH = 500
POLL_S = 0.2
FLUSH_S = 60
COMMON = {
    "bootstrap.servers": BOOTSTRAP,
    "reconnect.backoff.ms": 50,
    "reconnect.backoff.max.ms": 500,
    "log_level": 0,
}
CLASSIC = {
    "partition.assignment.strategy": MODE,
    "session.timeout.ms": 6000,
    "heartbeat.interval.ms": 500,
}
CONSUMER = {"group.protocol": "consumer"}

output = threading.Lock()
leaving = {}


def write(line):
    text = json.dumps(line)
    with output:
        sys.stdout.write(text + "\n")
        sys.stdout.flush()


def ranges(messages):
    """Offsets without gaps as [partition, first, last]."""
    found = []
    for message in messages:
        partition, offset = message.partition(), message.offset()
        if found and found[-1][0] == partition and found[-1][2] == offset - 1:
            found[-1][2] = offset
        else:
            found.append([partition, offset, offset])
    return found


def member(stop):
    consumer = Consumer(
        {
            **COMMON,
            **(CONSUMER if MODE == "consumer" else CLASSIC),
            "group.id": GROUP,
            "auto.offset.reset": "earliest",
            "enable.auto.commit": False,
            "enable.auto.offset.store": False,
            "fetch.wait.max.ms": 100,
        }
    )
    consumer.subscribe([TOPIC])
    is_due = False
    try:
        while not stop.is_set():
            messages = [one for one in consumer.consume(BATCH, POLL_S) if one.error() is None]
            if messages:
                write({"handled": ranges(messages)})
            elif not is_due:
                continue
            for message in messages:
                try:
                    consumer.store_offsets(message)
                except KafkaException:
                    # The partition has been taken away since: its next owner reads the message again.
                    pass
            try:
                consumer.commit(asynchronous=False)
                is_due = False
            except KafkaException as error:
                # A rebalance is under way: whoever has the partition after it commits.
                is_due = error.args[0].code() != KafkaError._NO_OFFSET
                if is_due:
                    write({"refused": error.args[0].name()})
    finally:
        consumer.close()


def join(name):
    leaving[name] = threading.Event()
    threading.Thread(target=member, args=(leaving[name],), daemon=True).start()


def leave(name):
    leaving.pop(name).set()


sender = None


def produce(count):
    global sender
    if sender is None:
        sender = Producer({**COMMON, "enable.idempotence": True, "linger.ms": 20})
    failures = []

    def delivered(error, _message):
        if error is not None:
            failures.append(error)

    for i in range(count):
        sender.produce(TOPIC, value=str(i), key=str(i), on_delivery=delivered)
        sender.poll(0)
    left = sender.flush(FLUSH_S)
    write({"sent": count - left - len(failures)})


HANDLERS = {"join": join, "leave": leave, "produce": produce}

for line in sys.stdin:
    word, argument = json.loads(line)
    HANDLERS[word](argument)
