import type { Evaluate } from "./scope.ts";
import { asNumber, asText, type Value } from "./value.ts";

/** `||`. */
export function concatenation(left: Evaluate, right: Evaluate): Evaluate {
  return (row) => {
    const [a, b] = [asText(left(row)), asText(right(row))];
    return a === null || b === null ? null : a + b;
  };
}

export type Arithmetic = "+" | "-" | "*" | "/" | "%";

/** Between integers it is exact, and their quotient is cut to one, as in Flink. */
export function arithmetic(operator: Arithmetic, left: Evaluate, right: Evaluate): Evaluate {
  return (row) => {
    const [a, b] = [asNumber(left(row)), asNumber(right(row))];
    if (a === null || b === null) return null;
    const result = isInteger(a) && isInteger(b) ? exact(operator, a, b) : rounded(operator, a, b);
    return typeof result === "number" && !Number.isFinite(result) ? null : result;
  };
}

const isInteger = (value: number | bigint): boolean =>
  typeof value === "bigint" || Number.isSafeInteger(value);

function exact(operator: Arithmetic, a: number | bigint, b: number | bigint): Value {
  if (Number(b) === 0 && (operator === "/" || operator === "%")) return null;
  const plain = operator === "/" ? Math.trunc(Number(a) / Number(b)) : rounded(operator, a, b);
  if (typeof a === "number" && typeof b === "number" && Number.isSafeInteger(plain)) return plain;
  const result = integers(operator, BigInt(a), BigInt(b));
  return Number.isSafeInteger(Number(result)) ? Number(result) : result;
}

function integers(operator: Arithmetic, a: bigint, b: bigint): bigint {
  switch (operator) {
    case "+":
      return a + b;
    case "-":
      return a - b;
    case "*":
      return a * b;
    case "/":
      return a / b;
    case "%":
      return a % b;
  }
}

function rounded(operator: Arithmetic, a: number | bigint, b: number | bigint): number {
  const [x, y] = [Number(a), Number(b)];
  switch (operator) {
    case "+":
      return x + y;
    case "-":
      return x - y;
    case "*":
      return x * y;
    case "/":
      return x / y;
    case "%":
      return x % y;
  }
}
