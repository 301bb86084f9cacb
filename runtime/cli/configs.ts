import { UsageError } from "./usage.ts";

/** Understands what `--config`, or another option, was given, `NAME=VALUE` each. Throws UsageError. */
export function parseConfigs(
  given: readonly string[],
  option = "--config",
): ReadonlyMap<string, string> {
  const configs = new Map<string, string>();
  for (const entry of given) {
    const [, name, value] = /^([^=]+)=(.*)$/.exec(entry) ?? [];
    if (name === undefined || value === undefined) {
      throw new UsageError(`${option}: expected NAME=VALUE, not "${entry}".`);
    }
    if (configs.has(name)) throw new UsageError(`${option}: ${name} is given twice.`);
    configs.set(name, value);
  }
  return configs;
}
