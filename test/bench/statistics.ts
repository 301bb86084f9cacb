/** A figure as measured over several rounds. */
export interface Spread {
  readonly min: number;
  readonly median: number;
  readonly max: number;
  readonly count: number;
}

export function spread(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (i: number): number => sorted[i] ?? Number.NaN;
  const middle = (sorted.length - 1) / 2;
  return {
    min: at(0),
    median: (at(Math.floor(middle)) + at(Math.ceil(middle))) / 2,
    max: at(sorted.length - 1),
    count: sorted.length,
  };
}

/** The rounds in which the yardstick was within `tolerance` of its own median; the machine was quiet then. */
export function quietRounds(yardstick: readonly number[], tolerance: number): number[] {
  const { median } = spread(yardstick);
  return yardstick.flatMap((value, round) =>
    Math.abs(value - median) <= tolerance * median ? [round] : [],
  );
}
