/** An expression in one line with every pair of parentheses, so that tests show what binds to what. */
import type { Expression, Literal } from "../../../runtime/sql/expression.ts";

function literal(value: Literal): string {
  switch (value.type) {
    case "null":
      return "NULL";
    case "boolean":
      return String(value.value).toUpperCase();
    case "string":
      return `'${value.value}'`;
    case "binary":
      return `X'${value.hex}'`;
    case "number":
      return value.text;
    case "interval":
      return `INTERVAL '${value.text}' ${value.from}${value.to === undefined ? "" : ` TO ${value.to}`}`;
    case "date":
    case "time":
    case "timestamp":
      return `${value.type.toUpperCase()} '${value.text}'`;
  }
}

const list = (all: readonly Expression[]): string => all.map(print).join(", ");

export function print(expression: Expression): string {
  const not = "negated" in expression && expression.negated ? "NOT " : "";
  switch (expression.kind) {
    case "literal":
      return literal(expression.literal);
    case "name":
      return expression.parts.map(({ name }) => name).join(".");
    case "field":
      return `${print(expression.of)}.${expression.field.name}`;
    case "item":
      return `${print(expression.of)}[${print(expression.index)}]`;
    case "unary":
      return `(${expression.operator} ${print(expression.operand)})`;
    case "binary":
      return `(${print(expression.left)} ${expression.operator} ${print(expression.right)})`;
    case "is":
      return `(${print(expression.operand)} IS ${not}${expression.truth})`;
    case "distinct":
      return `(${print(expression.left)} IS ${not}DISTINCT FROM ${print(expression.right)})`;
    case "between": {
      const form = expression.symmetric ? "BETWEEN SYMMETRIC" : "BETWEEN";
      return `(${print(expression.operand)} ${not}${form} ${print(expression.low)} AND ${print(expression.high)})`;
    }
    case "in":
      return `(${print(expression.operand)} ${not}IN (${list(expression.list)}))`;
    case "like": {
      const escape = expression.escape === undefined ? "" : ` ESCAPE ${print(expression.escape)}`;
      const form = expression.similar ? "SIMILAR TO" : "LIKE";
      return `(${print(expression.operand)} ${not}${form} ${print(expression.pattern)}${escape})`;
    }
    case "case": {
      const operand = expression.operand === undefined ? "" : ` ${print(expression.operand)}`;
      const branches = expression.branches.map(
        ({ when, then }) => ` WHEN ${print(when)} THEN ${print(then)}`,
      );
      const otherwise =
        expression.otherwise === undefined ? "" : ` ELSE ${print(expression.otherwise)}`;
      return `CASE${operand}${branches.join("")}${otherwise} END`;
    }
    case "cast": {
      const { name, parameters } = expression.type;
      const type = parameters.length === 0 ? name : `${name}(${parameters.join(", ")})`;
      return `${expression.tries ? "TRY_CAST" : "CAST"}(${print(expression.operand)} AS ${type})`;
    }
    case "call":
      return `${expression.function.name}(${list(expression.arguments)})`;
    case "array":
      return `ARRAY[${list(expression.items)}]`;
  }
}
