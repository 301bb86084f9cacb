"""What a client writes into its log, for those that tell in no other way why they cannot connect."""

import logging


class Complaints(logging.Handler):
    """Keeps the warnings and errors of one logger and its children from everything else."""

    def __init__(self, logger):
        super().__init__(logging.WARNING)
        self.lines = []
        logging.getLogger(logger).addHandler(self)
        logging.getLogger(logger).propagate = False

    def emit(self, record):
        self.lines.append(record.getMessage())

    def text(self):
        return "\n".join(self.lines)
