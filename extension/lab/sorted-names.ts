/** Numbers inside of names sort as numbers: orders-2 before orders-10. */
const byName = new Intl.Collator("en", { numeric: true });

export function compareNames(a: string, b: string): number {
  return byName.compare(a, b);
}

/**
 * A sorted list in which the things named by `names` are replaced by those in `fresh`; what is named
 * and not in `fresh` is gone. Costs little more than what changes: most updates are of a few among thousands.
 */
export function mergeNamed<T>(
  list: readonly T[],
  names: readonly string[],
  fresh: readonly T[],
  nameOf: (item: T) => string,
): readonly T[] {
  const found = new Map(fresh.map((item) => [nameOf(item), item]));
  const stale = new Set(names);
  const merged: T[] = [];
  for (const item of list) {
    const name = nameOf(item);
    const now = stale.has(name) ? found.get(name) : item;
    if (now !== undefined) merged.push(now);
    found.delete(name);
  }
  for (const [name, item] of found) merged.splice(placeOf(merged, name, nameOf), 0, item);
  return merged;
}

/** Where a name belongs in a sorted list. */
function placeOf<T>(list: readonly T[], name: string, nameOf: (item: T) => string): number {
  let [low, high] = [0, list.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    const at = list[middle];
    if (at !== undefined && compareNames(nameOf(at), name) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}
