/**
 * Reserved words of Flink SQL that end an expression or join its parts: none is a name without
 * backticks. Flink reserves more; those that are common names of columns (`value`, `timestamp`,
 * `offset`, `partition`, ...) are for the checker of statements to insist on.
 */
export const NEVER_NAMES: ReadonlySet<string> = new Set([
  ...["AND", "AS", "ASC", "BETWEEN", "BY", "CASE", "CAST", "CROSS", "DESC", "DISTINCT", "ELSE"],
  ...["END", "ESCAPE", "EXCEPT", "EXISTS", "FALSE", "FOR", "FROM", "FULL", "GROUP", "HAVING", "IN"],
  ...["INNER", "INSERT", "INTERSECT", "INTO", "IS", "JOIN", "LEFT", "LIKE", "LIMIT", "NOT", "NULL"],
  ...["ON", "OR", "ORDER", "RIGHT", "SELECT", "SIMILAR", "THEN", "TO", "TRUE", "UNION", "UNKNOWN"],
  ...["USING", "WHEN", "WHERE", "WITH"],
]);
