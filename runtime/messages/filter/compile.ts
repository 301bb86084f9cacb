import { SqlFault } from "../../sql/diagnostic.ts";
import type { Expression, Literal } from "../../sql/expression.ts";
import { arithmetic, concatenation } from "./arithmetic.ts";
import { compileCall } from "./compile-call.ts";
import { compileCase, compileCast } from "./compile-choice.ts";
import { compileComparison } from "./compile-comparison.ts";
import { compileLogic, compileUnary } from "./compile-logic.ts";
import {
  compileBetween,
  compileDistinct,
  compileIn,
  compileIs,
  compileLike,
} from "./compile-predicate.ts";
import { referenceOf } from "./reference.ts";
import type { Evaluate, Of, Scope } from "./scope.ts";
import { localTimestampMs } from "./timestamp-literal.ts";
import { numberOf, type Value } from "./value.ts";

/** Makes a function of an expression. Throws SqlFault for what a filter cannot do. */
export function compile(expression: Expression, scope: Scope): Evaluate {
  const inner = (each: Expression): Evaluate => compile(each, scope);
  switch (expression.kind) {
    case "literal":
      return constant(literalValue(expression));
    case "name":
    case "field":
    case "item":
      return compileReference(expression, scope);
    case "unary":
      return compileUnary(expression.operator, inner(expression.operand));
    case "binary":
      return compileBinary(expression, scope);
    case "is":
      return compileIs(expression, inner(expression.operand));
    case "distinct":
      return compileDistinct(inner(expression.left), inner(expression.right), expression.negated);
    case "between":
      return compileBetween(expression, inner);
    case "in":
      return compileIn(expression, inner);
    case "like":
      return compileLike(expression, inner(expression.operand));
    case "case":
      return compileCase(expression, inner);
    case "cast":
      return compileCast(expression, inner(expression.operand));
    case "call":
      return compileCall(expression, scope, inner);
    case "array":
      throw new SqlFault("not-in-filters", "A filter has no lists of its own.", expression.range);
  }
}

const constant =
  (value: Value): Evaluate =>
  () =>
    value;

function literalValue({ literal, range }: Of<"literal">): Value {
  const value = plainValue(literal);
  if (value !== undefined) return value;
  throw new SqlFault("not-in-filters", `A filter has no literal of type ${literal.type}.`, range);
}

function plainValue(literal: Literal): Value | undefined {
  switch (literal.type) {
    case "null":
      return null;
    case "boolean":
    case "string":
      return literal.value;
    case "number":
      return numberOf(literal.text);
    case "timestamp":
      return localTimestampMs(literal.text);
    case "binary":
    case "date":
    case "time":
    case "interval":
      return undefined;
  }
}

function compileReference(expression: Expression, scope: Scope): Evaluate {
  const reference = referenceOf(expression);
  if (reference === undefined) {
    const message =
      "Fields and items are of key, value or headers, at a place that is written out.";
    throw new SqlFault("not-in-filters", message, expression.range);
  }
  switch (reference.kind) {
    case "column":
      return (row) => row.column(reference.column);
    case "text":
      return (row) => row.text(reference.side);
    case "header":
      return (row) => row.header(reference.name);
    case "json": {
      const slot = scope.slotOf(reference.side, reference.path);
      return (row) => row.json(reference.side, slot);
    }
  }
}

function compileBinary(expression: Of<"binary">, scope: Scope): Evaluate {
  const { operator } = expression;
  switch (operator) {
    case "=":
    case "<>":
    case "<":
    case "<=":
    case ">":
    case ">=":
      return compileComparison({ ...expression, operator }, scope, (each) => compile(each, scope));
    case "AND":
    case "OR":
      return compileLogic(expression, operator === "OR", (each) => compile(each, scope));
    case "||":
    case "+":
    case "-":
    case "*":
    case "/":
    case "%": {
      const left = compile(expression.left, scope);
      const right = compile(expression.right, scope);
      return operator === "||" ? concatenation(left, right) : arithmetic(operator, left, right);
    }
  }
}
