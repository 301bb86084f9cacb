/** The outside suites, in the order in which they are run and reported. */
import { KADM } from "./go/kadm.ts";
import { KAFKA_GO } from "./go/kafka-go.ts";
import { KGO, KGO_OF_THREE } from "./go/kgo.ts";
import { SARAMA } from "./go/sarama.ts";
import type { Suite } from "./suite.ts";

export const SUITES: readonly Suite[] = [KGO, KGO_OF_THREE, KADM, KAFKA_GO, SARAMA];
