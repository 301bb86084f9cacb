/** The outside suites, in the order in which they are run and reported. */
import { KAFKA_PYTHON } from "./kafka-python/suite.ts";
import { LIBRDKAFKA } from "./librdkafka/suites.ts";
import { NODE_RDKAFKA } from "./node-rdkafka/suite.ts";
import type { Suite } from "./suite.ts";

export const SUITES: readonly Suite[] = [...LIBRDKAFKA, NODE_RDKAFKA, KAFKA_PYTHON];
