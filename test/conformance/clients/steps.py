"""What the programs that ../transactions.test.ts tells one step at a time have in common.

Each line of stdin is a JSON array of a word and its arguments; each is answered with one line of JSON."""

import json
import logging
import sys

LIMIT_S = 60
BATCH = 20
PARTITIONS = 2

# Of a lab that is killed clients have much to say.
logging.disable(logging.CRITICAL)


def group_of(source, target):
    return f"{source}-to-{target}"


def run(handlers, error_type, name_of):
    """`name_of` names an error of `error_type`; any other one ends the program."""
    for line in sys.stdin:
        word, *arguments = json.loads(line)
        try:
            answer = {"result": handlers[word](*arguments)}
        except error_type as error:
            answer = {"error": name_of(error)}
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


def copying(make_copier, **handlers):
    """The steps of copiers by name, and `handlers`."""
    copiers = {}

    def start(name, *arguments):
        copiers[name] = make_copier(*arguments)

    return {
        **handlers,
        "start": start,
        "open": lambda name, idle_s: copiers[name].open(idle_s),
        "commit": lambda name: copiers[name].commit(),
        "abort": lambda name: copiers[name].abort(),
    }
