/** The outside suites, in the order in which they are run and reported. */
import { KADM } from "./kadm.ts";
import { KAFKA_GO } from "./kafka-go.ts";
import { KGO } from "./kgo.ts";
import type { Suite } from "./suite.ts";

export const SUITES: readonly Suite[] = [KGO, KADM, KAFKA_GO];
