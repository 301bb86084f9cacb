import { SqlFault } from "../../sql/diagnostic.ts";
import type { Evaluate, Inner, Of } from "./scope.ts";
import { asNumber, asText, asTruth, compare, type Value } from "./value.ts";

export function compileCase(expression: Of<"case">, inner: Inner): Evaluate {
  const operand = expression.operand && inner(expression.operand);
  const branches = expression.branches.map(({ when, then }) => ({
    when: inner(when),
    then: inner(then),
  }));
  const otherwise = expression.otherwise ? inner(expression.otherwise) : () => null;
  return (row) => {
    const value = operand?.(row);
    const taken = branches.find(({ when }) =>
      value === undefined ? asTruth(when(row)) === true : compare(value, when(row)) === 0,
    );
    return (taken?.then ?? otherwise)(row);
  };
}

const CASTS: Readonly<Record<string, (value: Value) => Value>> = {
  ...{ STRING: asText, VARCHAR: asText, CHAR: asText, BOOLEAN: asTruth },
  ...{ DOUBLE: asNumber, FLOAT: asNumber, DECIMAL: asNumber, NUMERIC: asNumber },
  ...{ TINYINT: whole, SMALLINT: whole, INT: whole, INTEGER: whole, BIGINT: whole },
};

function whole(value: Value): Value {
  const number = asNumber(value);
  return typeof number === "number" ? Math.trunc(number) : number;
}

/** What cannot be cast is NULL, for CAST too: a filter has nowhere to report it for each message. */
export function compileCast({ type }: Of<"cast">, operand: Evaluate): Evaluate {
  const cast = CASTS[type.name];
  if (cast === undefined) {
    const known = Object.keys(CASTS).join(", ");
    throw new SqlFault("not-in-filters", `A filter can cast to ${known}.`, type.range);
  }
  return (row) => cast(operand(row));
}
