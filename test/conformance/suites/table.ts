/** The outside suites, in the order in which they are run and reported. */
import type { Suite } from "./suite.ts";

export const SUITES: readonly Suite[] = [];
