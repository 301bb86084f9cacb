import { LabError } from "../api/errors.ts";

/** Failures named in one error. */
const MAX_NAMED_FAILURES = 10;

/**
 * Does something to each of `names` and goes on after a failure.
 *
 * @throws LabError that names what failed, with the code of the first
 */
export async function forEachName(
  names: readonly string[],
  act: (name: string) => Promise<LabError | undefined>,
): Promise<Record<string, never>> {
  const failures: LabError[] = [];
  for (const name of new Set(names)) {
    const failure = await act(name);
    if (failure !== undefined) failures.push(failure);
  }
  const [first] = failures;
  if (first === undefined) return {};
  const shown = failures.slice(0, MAX_NAMED_FAILURES).map(({ message }) => message);
  const rest = failures.length > shown.length ? ` And ${failures.length - shown.length} more.` : "";
  throw new LabError(first.code, shown.join(" ") + rest);
}
