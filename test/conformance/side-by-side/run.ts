/** Runs a script on both brokers and compares what they did. */
import { compareSteps, type Difference } from "./compare.ts";
import { apiName } from "./apis.ts";
import { type Named, type Script, Steps } from "./script.ts";
import type { Side } from "./sides.ts";
import type { Tap } from "./tap.ts";

export interface Outcome {
  /** How many exchanges of each API were compared. */
  readonly compared: ReadonlyMap<string, number>;
  readonly differences: readonly Difference[];
}

async function stepsOf(script: Script, tap: Tap, nowMs: number): Promise<Named[]> {
  const steps = new Steps(tap, nowMs);
  try {
    await script.run(steps);
  } finally {
    steps.close();
  }
  return steps.finish();
}

export async function runScript(script: Script, kafka: Side, lab: Side): Promise<Outcome> {
  const nowMs = Date.now();
  const [inKafka, inLab] = await Promise.all([
    stepsOf(script, kafka.tap, nowMs),
    stepsOf(script, lab.tap, nowMs),
  ]);
  const compared = new Map<string, number>();
  for (const { exchange } of inKafka) {
    const name = apiName(exchange.api);
    compared.set(name, (compared.get(name) ?? 0) + 1);
  }
  return { compared, differences: compareSteps(inKafka, inLab) };
}
