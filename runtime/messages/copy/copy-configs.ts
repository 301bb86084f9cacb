import type { ConfigChange, TopicConfig } from "../../cluster/topic-admin.ts";

/**
 * What would change or remove records while they are copied. A copy has these values until it is whole, and
 * then those of its topic.
 */
const WHILE_COPYING: Readonly<Record<string, string>> = {
  "cleanup.policy": "delete",
  "retention.ms": "-1",
  "retention.bytes": "-1",
  "message.timestamp.type": "CreateTime",
  "message.timestamp.before.max.ms": "9223372036854775807",
  "message.timestamp.after.max.ms": "9223372036854775807",
};

export interface CopyConfigs {
  /** Of the topic while it is filled. */
  readonly first: Readonly<Record<string, string>>;
  /** What is changed when it is whole. */
  readonly last: readonly ConfigChange[];
}

/** The configurations of a copy, from those of its topic. What the topic does not set itself, the copy does not. */
export function copyConfigs(configs: readonly TopicConfig[]): CopyConfigs {
  const own = configs.flatMap(({ name, value, source, readOnly }): [string, string][] =>
    source === "topic" && !readOnly && value !== null ? [[name, value]] : [],
  );
  const known = new Set(configs.map(({ name }) => name));
  const held = Object.entries(WHILE_COPYING).filter(([name]) => known.has(name));
  const values = new Map(own);
  return {
    first: Object.fromEntries([...own, ...held]),
    last: held.flatMap(([name, value]) => {
      const wanted = values.get(name) ?? null;
      return wanted === value ? [] : [{ name, value: wanted }];
    }),
  };
}
