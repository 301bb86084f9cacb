import { JsonFault, JsonScanner } from "./json-scanner.ts";

/** What lies at a path of a JSON document. */
export type FoundJson =
  /** The exact source text of the value. */
  | { readonly kind: "value"; readonly source: string }
  /** The document has no such member or item. */
  | { readonly kind: "absent" }
  /** The text ends before it can be said, or is not JSON at all. */
  | { readonly kind: "unreadable" };

type Step = string | number;

/**
 * Finds the values at some paths of a JSON text, as they are written. Of a member that is there twice
 * the last counts. Of a text that was cut, what comes before the cut is found all the same.
 */
export function findJson(text: string, paths: readonly (readonly Step[])[]): readonly FoundJson[] {
  const found: (string | undefined)[] = paths.map(() => undefined);
  const scanner = new JsonScanner(text);
  let isWhole = true;
  try {
    walk(
      scanner,
      paths.map((steps, slot) => ({ steps, slot })),
      0,
      found,
    );
    scanner.end();
  } catch (error) {
    if (!(error instanceof JsonFault) && !(error instanceof RangeError)) throw error;
    isWhole = false;
  }
  return found.map((source) => {
    if (source !== undefined) return { kind: "value", source };
    return { kind: isWhole ? "absent" : "unreadable" };
  });
}

interface Sought {
  readonly steps: readonly Step[];
  readonly slot: number;
}

/** Takes one value, and looks in it for those who are sought below it. */
function walk(
  scanner: JsonScanner,
  sought: readonly Sought[],
  depth: number,
  found: (string | undefined)[],
): void {
  const here = sought.filter(({ steps }) => steps.length === depth);
  const below = sought.filter(({ steps }) => steps.length > depth);
  if (here.length > 0 || below.length === 0) {
    const source = scanner.value();
    for (const { slot } of here) found[slot] = source;
    if (below.length > 0) walk(new JsonScanner(source), below, depth, found);
    return;
  }
  for (const { slot } of below) found[slot] = undefined;
  const at = (step: Step) => below.filter(({ steps }) => steps[depth] === step);
  const next = scanner.peek();
  if (next === "{") scanner.object((name) => walk(scanner, at(name), depth + 1, found));
  else if (next === "[") {
    let place = 0;
    scanner.list(() => walk(scanner, at(place++), depth + 1, found));
  } else scanner.value();
}
