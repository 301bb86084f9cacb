import { type Range, SqlFault } from "../../sql/diagnostic.ts";
import type { Expression } from "../../sql/expression.ts";
import { FUNCTIONS } from "./functions.ts";
import { parseJsonPath, referenceOf } from "./reference.ts";
import type { Evaluate, Inner, Of, Scope } from "./scope.ts";
import { JsonText } from "./value.ts";

/** A call of one of the functions of filters. Throws SqlFault for others and for wrong arguments. */
export function compileCall(call: Of<"call">, scope: Scope, inner: Inner): Evaluate {
  const name = call.function.name.toUpperCase();
  const json = JSON_FUNCTIONS[name];
  if (json !== undefined) return json(call, scope);
  const known = FUNCTIONS[name];
  if (known === undefined) throw unknownFunction(call.function.name, call.function.range);
  const { least, most, takesNull = false } = known;
  const count = call.arguments.length;
  if (count < least || count > most) {
    const range = least === most ? String(least) : `${least} to ${most}`;
    const message = `${name} takes ${range} argument(s), not ${count}.`;
    throw new SqlFault("arguments", message, call.range);
  }
  const operands = call.arguments.map(inner);
  return (row) => {
    const values = operands.map((operand) => operand(row));
    return !takesNull && values.includes(null) ? null : known.call(values);
  };
}

function unknownFunction(name: string, range: Range): SqlFault {
  const known = [...Object.keys(FUNCTIONS), ...Object.keys(JSON_FUNCTIONS)].sort().join(", ");
  return new SqlFault(
    "unknown-function",
    `A filter has no function ${name}; it has ${known}.`,
    range,
  );
}

/** Where a call such as `JSON_VALUE(value, '$.a')` leads. */
function slotOf(call: Of<"call">, scope: Scope): { side: "key" | "value"; slot: number } {
  const [document, path, ...more] = call.arguments;
  const reference = document && referenceOf(document);
  const steps = path && parseWrittenPath(path);
  const isText = reference?.kind === "text" || reference?.kind === "json";
  if (!isText || steps === undefined || more.length > 0) {
    const message = `${call.function.name} takes key or value and a path that is written out, such as '$.a[0].b'.`;
    throw new SqlFault("arguments", message, call.range);
  }
  const base = reference.kind === "json" ? reference.path : [];
  return { side: reference.side, slot: scope.slotOf(reference.side, [...base, ...steps]) };
}

function parseWrittenPath(path: Expression): ReturnType<typeof parseJsonPath> {
  const isText = path.kind === "literal" && path.literal.type === "string";
  return isText ? parseJsonPath(path.literal.value) : undefined;
}

/** Functions of Flink that look into JSON. JSON_VALUE is NULL for objects and lists, JSON_QUERY for all else. */
const JSON_FUNCTIONS: Readonly<Record<string, (call: Of<"call">, scope: Scope) => Evaluate>> = {
  JSON_VALUE(call, scope) {
    const { side, slot } = slotOf(call, scope);
    return (row) => {
      const value = row.json(side, slot);
      return value instanceof JsonText ? null : value;
    };
  },
  JSON_QUERY(call, scope) {
    const { side, slot } = slotOf(call, scope);
    return (row) => {
      const value = row.json(side, slot);
      return value instanceof JsonText ? value : null;
    };
  },
  JSON_EXISTS(call, scope) {
    const { side, slot } = slotOf(call, scope);
    return (row) => row.hasJson(side, slot);
  },
};
