import { splitList } from "./config-spec.ts";
import { TOPIC_CONFIG_BY_NAME, type TopicOverrides } from "./topic-config.ts";

/** One step of an incremental change (KIP-339). */
export type ConfigStep =
  | { readonly op: "set" | "append" | "subtract"; readonly name: string; readonly value: string }
  | { readonly op: "delete"; readonly name: string };

/** Either all the values a topic shall have from now on, or steps from those it has. */
export type ConfigChange =
  | { readonly kind: "replace"; readonly overrides: TopicOverrides }
  | { readonly kind: "steps"; readonly steps: readonly ConfigStep[] };

/** The overrides after `change`, their values unchecked, or why a step cannot be taken. */
export function changedOverrides(
  current: TopicOverrides,
  change: ConfigChange,
): TopicOverrides | string {
  if (change.kind === "replace") return change.overrides;
  const next = new Map(Object.entries(current));
  for (const step of change.steps) {
    if (step.op === "delete") {
      next.delete(step.name);
    } else if (step.op === "set") {
      next.set(step.name, step.value);
    } else {
      const spec = TOPIC_CONFIG_BY_NAME.get(step.name);
      if (spec?.type !== "list") {
        return `Can't ${step.op} to key ${step.name} because its type is not LIST.`;
      }
      const before = splitList(next.get(step.name) ?? spec.defaultValue);
      const words = splitList(step.value);
      const after =
        step.op === "append"
          ? [...new Set([...before, ...words])]
          : before.filter((word) => !words.includes(word));
      next.set(step.name, after.join(","));
    }
  }
  // fromEntries defines properties, so a key named __proto__ is refused like any other unknown one.
  return Object.fromEntries(next);
}
