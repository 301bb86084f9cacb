/** How a configuration value is written, after Kafka's `ConfigDef.Type`. */
export type ConfigType = "boolean" | "string" | "int" | "short" | "long" | "double" | "list";

/** One configuration key as a client may read it, with the values it accepts. */
export interface ConfigSpec {
  readonly name: string;
  readonly type: ConfigType;
  readonly defaultValue: string;
  /** Accepted words; for a list every element must be one of them. */
  readonly oneOf?: readonly string[];
  /** Smallest and largest accepted number, both included. */
  readonly min?: number;
  readonly max?: number;
  /** Older or broker-wide names for the same setting, as DescribeConfigs lists them. */
  readonly brokerName?: string;
  /** Broker-wide it has no value: a coarser setting, such as hours, stands for it. */
  readonly brokerUnset?: boolean;
  /** What the setting does, in a sentence; topic settings have theirs in config-texts.ts. */
  readonly documentation?: string;
}

const INT_MAX = 2 ** 31 - 1;

/** Blanks around a number or a word are of no meaning, as in Kafka's ConfigDef. */
const NUMBER = /^\s*-?\d{1,19}\s*$/;
const DOUBLE = /^\s*-?\d+(\.\d+)?(E-?\d+)?\s*$/i;
const BOOLEAN = /^\s*(true|false)\s*$/i;

/** Why `value` is not acceptable for `spec`, in Kafka's manner of speaking, or undefined when it is. */
export function configFault(spec: ConfigSpec, value: string): string | undefined {
  const invalid = (why: string) => `Invalid value ${value} for configuration ${spec.name}: ${why}`;
  switch (spec.type) {
    case "boolean":
      return BOOLEAN.test(value) ? undefined : invalid("Expected value to be either true or false");
    case "int":
    case "short":
    case "long":
    case "double": {
      if (!(spec.type === "double" ? DOUBLE : NUMBER).test(value)) {
        return invalid("Not a number of type " + spec.type.toUpperCase());
      }
      const number = Number(value);
      if (number < (spec.min ?? -Infinity)) return invalid(`Value must be at least ${spec.min}`);
      const max = spec.max ?? (spec.type === "int" ? INT_MAX : Infinity);
      return number > max ? invalid(`Value must be no more than ${max}`) : undefined;
    }
    case "list":
    case "string": {
      const words = spec.oneOf;
      if (words === undefined) return undefined;
      const given = spec.type === "list" ? splitList(value) : [value.trim()];
      return given.every((word) => words.includes(word))
        ? undefined
        : invalid(`String must be one of: ${words.join(", ")}`);
    }
  }
}

/** The elements of a list value, without blanks. */
export function splitList(value: string): string[] {
  return value
    .split(",")
    .map((word) => word.trim())
    .filter((word) => word !== "");
}
