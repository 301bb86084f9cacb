"""In place of test/service.py, the one module of kafka-python's tests that its source package leaves out.

Its fixtures take a broker that runs already (KAFKA_URI) as an ExternalService; a SpawnedService would
start a Kafka distribution, which is not there."""


class ExternalService:
    def __init__(self, host, port):
        self.host = host
        self.port = port

    def dump_logs(self):
        pass


class SpawnedService:
    def __init__(self, *_args, **_options):
        raise RuntimeError("there is no Kafka distribution to start")
