/** The outside suites, in the order in which they are run and reported. */
import { KADM } from "./go/kadm.ts";
import { KAFKA_GO } from "./go/kafka-go.ts";
import { KGO, KGO_OF_THREE } from "./go/kgo.ts";
import { SARAMA } from "./go/sarama.ts";
import { connect } from "./jvm/connect.ts";
import { javaClients } from "./jvm/java-clients.ts";
import { streams } from "./jvm/streams.ts";
import { javaTools } from "./jvm/tools.ts";
import { KAFKA_PYTHON } from "./kafka-python/suite.ts";
import { LIBRDKAFKA } from "./librdkafka/suites.ts";
import { NODE_RDKAFKA } from "./node-rdkafka/suite.ts";
import type { Suite } from "./suite.ts";

export const SUITES: readonly Suite[] = [
  ...[...LIBRDKAFKA, NODE_RDKAFKA, KAFKA_PYTHON],
  ...[KGO, KGO_OF_THREE, KADM, KAFKA_GO, SARAMA],
  ...[...javaClients, javaTools, streams, connect],
];
