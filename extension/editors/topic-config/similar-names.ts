/** Most single-character edits between what was typed and what was meant. */
const MAX_EDITS = 3;
/** Names offered at once. */
const MAX_OFFERED = 3;

/** The names that are only a slip of the finger away from `typed`, the closest first. */
export function similarNames(typed: string, names: readonly string[]): readonly string[] {
  return names
    .map((name) => ({ name, edits: editsBetween(typed, name) }))
    .filter(({ edits }) => edits <= MAX_EDITS)
    .sort((a, b) => a.edits - b.edits)
    .slice(0, MAX_OFFERED)
    .map(({ name }) => name);
}

/** The Levenshtein distance, or more than MAX_EDITS where lengths alone say so. */
function editsBetween(a: string, b: string): number {
  if (Math.abs(a.length - b.length) > MAX_EDITS) return MAX_EDITS + 1;
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (const [i, left] of Array.from(a).entries()) {
    const next = [i + 1];
    for (const [j, right] of Array.from(b).entries()) {
      const replaced = (row[j] ?? 0) + (left === right ? 0 : 1);
      next.push(Math.min(replaced, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
