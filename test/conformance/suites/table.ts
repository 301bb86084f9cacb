/** The outside suites, in the order in which they are run and reported. */
import { connect } from "./jvm/connect.ts";
import { javaClients } from "./jvm/java-clients.ts";
import { streams } from "./jvm/streams.ts";
import { javaTools } from "./jvm/tools.ts";

import type { Suite } from "./suite.ts";

export const SUITES: readonly Suite[] = [...javaClients, javaTools, streams, connect];
