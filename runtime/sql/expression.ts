import type { Range } from "./diagnostic.ts";

interface Node {
  readonly range: Range;
}

/** One part of a name. Quoted ones are names whatever they say. */
export interface Identifier extends Node {
  readonly name: string;
  readonly quoted: boolean;
}

export type Literal =
  | { readonly type: "null" }
  | { readonly type: "boolean"; readonly value: boolean }
  | { readonly type: "string"; readonly value: string }
  | { readonly type: "binary"; readonly hex: string }
  /** As written, without sign: its digits decide its type. */
  | { readonly type: "number"; readonly text: string }
  /** `DATE '...'`, `TIME '...'`, `TIMESTAMP '...'`. */
  | { readonly type: "date" | "time" | "timestamp"; readonly text: string }
  /** `INTERVAL '1' DAY`, `INTERVAL '1 2' DAY TO HOUR`. */
  | {
      readonly type: "interval";
      readonly text: string;
      readonly from: string;
      readonly to: string | undefined;
    };

export type BinaryOperator =
  "OR" | "AND" | "=" | "<>" | "<" | "<=" | ">" | ">=" | "||" | "+" | "-" | "*" | "/" | "%";

/** What `IS` asks for. */
export type Truth = "NULL" | "TRUE" | "FALSE" | "UNKNOWN";

/** A type as `CAST` names it: `DECIMAL(10, 2)`, `TIMESTAMP_LTZ(3)`, `ARRAY<STRING>`. */
export interface TypeName extends Node {
  /** In capitals, words joined by one space. */
  readonly name: string;
  readonly parameters: readonly number[];
  /** Of `ARRAY`, `MAP` and `MULTISET`. */
  readonly elements: readonly TypeName[];
}

/** An expression of Flink SQL. Every node knows where it stands. */
export type Expression = Node &
  (
    | { readonly kind: "literal"; readonly literal: Literal }
    /** A column, or a field in one, or a column of a table: which of them is for the checker to say. */
    | { readonly kind: "name"; readonly parts: readonly Identifier[] }
    | { readonly kind: "field"; readonly of: Expression; readonly field: Identifier }
    | { readonly kind: "item"; readonly of: Expression; readonly index: Expression }
    | {
        readonly kind: "unary";
        readonly operator: "NOT" | "+" | "-";
        readonly operand: Expression;
      }
    | {
        readonly kind: "binary";
        readonly operator: BinaryOperator;
        readonly left: Expression;
        readonly right: Expression;
      }
    | {
        readonly kind: "is";
        readonly operand: Expression;
        readonly truth: Truth;
        readonly negated: boolean;
      }
    | {
        readonly kind: "distinct";
        readonly left: Expression;
        readonly right: Expression;
        readonly negated: boolean;
      }
    | {
        readonly kind: "between";
        readonly operand: Expression;
        readonly low: Expression;
        readonly high: Expression;
        readonly symmetric: boolean;
        readonly negated: boolean;
      }
    | {
        readonly kind: "in";
        readonly operand: Expression;
        readonly list: readonly Expression[];
        readonly negated: boolean;
      }
    | {
        readonly kind: "like";
        readonly operand: Expression;
        readonly pattern: Expression;
        readonly escape: Expression | undefined;
        readonly similar: boolean;
        readonly negated: boolean;
      }
    | {
        readonly kind: "case";
        readonly operand: Expression | undefined;
        readonly branches: readonly { readonly when: Expression; readonly then: Expression }[];
        readonly otherwise: Expression | undefined;
      }
    | {
        readonly kind: "cast";
        readonly operand: Expression;
        readonly type: TypeName;
        /** TRY_CAST: null where CAST fails. */
        readonly tries: boolean;
      }
    | {
        readonly kind: "call";
        readonly function: Identifier;
        readonly arguments: readonly Expression[];
      }
    | { readonly kind: "array"; readonly items: readonly Expression[] }
  );
