import type { Expression } from "../../sql/expression.ts";
import type { JsonPath } from "./json-fields.ts";
import type { Side } from "./reference.ts";
import type { FilterRow } from "./row.ts";
import type { Value } from "./value.ts";

/** An expression made ready: what it comes to for the message that the row looks at. */
export type Evaluate = (row: FilterRow) => Value;
/** Makes an expression ready that is part of another. */
export type Inner = (expression: Expression) => Evaluate;
/** Expressions of one kind. */
export type Of<Kind extends Expression["kind"]> = Extract<Expression, { kind: Kind }>;

/** Most ways into JSON that one filter can ask for. */
const MAX_PATHS = 256;

/** Collects the ways into JSON that a filter asks for, so that one walk finds them all. */
export class Scope {
  readonly paths: Readonly<Record<Side, JsonPath[]>> = { key: [], value: [] };

  /** The place of a path among those of its side. Throws RangeError where there are too many. */
  slotOf(side: Side, path: JsonPath): number {
    const paths = this.paths[side];
    const key = JSON.stringify(path);
    const known = paths.findIndex((each) => JSON.stringify(each) === key);
    if (known >= 0) return known;
    if (paths.length === MAX_PATHS) {
      throw new RangeError(`A filter looks at no more than ${MAX_PATHS} fields.`);
    }
    return paths.push(path) - 1;
  }
}
