import type { PartitionHistory } from "./history.ts";

export type Outcome = "open" | "commit" | "abort";

/** One transaction of one producer, as the model knows it. */
export class Tx {
  readonly producerId: number;
  /** Where it may have records. */
  readonly places = new Set<PartitionHistory>();
  /** The names of all that ever were among them: a topic that is made again gets the marker too. */
  readonly names = new Set<string>();
  /** Committed offsets that it carries, by place; undefined stands for none. More than one: it is not known which. */
  readonly offsets = new Map<string, Set<number | undefined>>();
  /** The lab has said so. */
  hasBegun = false;
  outcome: Outcome = "open";
  /** What it may turn out to be: more than `outcome` after an answer that did not come. */
  readonly may = new Set<Outcome>(["open"]);
  /** Decided, but the disk has not let every marker be written. */
  isEnding = false;
  /** A power cut may have taken what was decided. */
  isForgotten = false;

  constructor(producerId: number) {
    this.producerId = producerId;
  }

  /** What it turned out to be. */
  settle(outcome: Outcome): void {
    this.outcome = outcome;
    this.may.clear();
    this.may.add(outcome);
  }
}
