"""The side of the client program for clients in Python: reads operations, writes results and events.

See ../protocol.ts for what is spoken."""

import base64
import json
import sys
import threading

LIMIT_S = 60
_output = threading.Lock()


def write(line):
    text = json.dumps(line)
    with _output:
        sys.stdout.write(text + "\n")
        sys.stdout.flush()


def encode(data):
    return None if data is None else base64.b64encode(data).decode()


def decode(text):
    return None if text is None else base64.b64decode(text)


def assigned(member, partitions):
    write({"event": "assigned", "member": member, "partitions": sorted(partitions)})


def received(member, partition, offset, key, value, headers, timestamp_ms):
    message = {
        "partition": partition,
        "offset": offset,
        "key": encode(key),
        "value": encode(value),
        "headers": [[name, encode(data)] for name, data in headers or []],
        "timestampMs": timestamp_ms,
    }
    write({"event": "message", "member": member, "message": message})


def answer(op, run, code_of):
    """`code_of` gives Kafka's number of an error that it knows."""
    try:
        write({"id": op["id"], "result": run(op)})
    except Exception as error:  # The tests want every failure as an answer.
        code = code_of(error)
        write({"id": op["id"], "error": {"code": code, "message": repr(error)}})


def serve(handlers, code_of):
    """Runs until stdin ends, each operation on a thread of its own."""
    for line in sys.stdin:
        op = json.loads(line)
        args = (op, handlers[op["op"]], code_of)
        threading.Thread(target=answer, args=args, daemon=True).start()
