import type { Expression } from "../../sql/expression.ts";
import type { Evaluate, Inner, Of } from "./scope.ts";
import { asNumber, asTruth } from "./value.ts";

/** NOT, and signs. */
export function compileUnary(operator: "NOT" | "+" | "-", operand: Evaluate): Evaluate {
  if (operator === "NOT") {
    return (row) => {
      const truth = asTruth(operand(row));
      return truth === null ? null : !truth;
    };
  }
  if (operator === "+") return (row) => asNumber(operand(row));
  return (row) => {
    const value = asNumber(operand(row));
    return value === null ? null : -value;
  };
}

/** AND and OR of three truths; `decisive` is the one that decides alone. A chain is one loop, however long. */
export function compileLogic(expression: Of<"binary">, decisive: boolean, inner: Inner): Evaluate {
  const operands: Evaluate[] = [];
  let rest: Expression = expression;
  while (rest.kind === "binary" && rest.operator === expression.operator) {
    operands.push(inner(rest.right));
    rest = rest.left;
  }
  operands.push(inner(rest));
  operands.reverse();
  return (row) => {
    let result: boolean | null = !decisive;
    for (const operand of operands) {
      const truth = asTruth(operand(row));
      if (truth === decisive) return decisive;
      if (truth === null) result = null;
    }
    return result;
  };
}
