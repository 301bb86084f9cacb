/**
 * How tightly operators bind. The numbers are those of Calcite's SqlStdOperatorTable, which Flink uses:
 * a comparison binds tighter than IS NULL, and BETWEEN, IN and LIKE tighter than both.
 */
export const STRENGTH = {
  or: 22,
  and: 24,
  not: 26,
  is: 28,
  comparison: 30,
  /** BETWEEN, IN, LIKE and SIMILAR TO. */
  predicate: 32,
  sum: 40,
  /** IS DISTINCT FROM. */
  distinct: 40,
  product: 60,
  sign: 80,
} as const;
