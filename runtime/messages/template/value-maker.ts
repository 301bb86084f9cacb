import type { Fill } from "../../api/template-placeholder.ts";

/** Makes up the next value of a placeholder, other than `index`. */
export type MakeValue = (fill: Fill) => string | number | boolean;

/** Makes the same values in the same order for the same seed. */
export type ValueMaker = (seed: number, nowMs: number) => MakeValue;
