import type { FilterFault } from "../../runtime/api/lab.ts";
import type { MessageFilter, PartitionSummary } from "../../runtime/api/model.ts";
import type { TimeSpan } from "../../runtime/api/survey.ts";
import type { GridCommand, GridFrom, GridState, GridStrings } from "../../runtime/api/view.ts";
import { FilterBar } from "./filter-bar.ts";
import { HistogramReader, type HistogramPorts } from "./histogram-reader.ts";
import { HistogramView } from "./histogram-view.ts";
import type { Reader } from "./reader.ts";
import { countsOf, type Standing } from "./standing.ts";
import { fill } from "./text.ts";
import { Toolbar } from "./toolbar.ts";

/** Volume over time is counted anew after messages arrived, but not more often than this. */
const RECOUNT_AFTER_MS = 5_000;

export interface BarsPorts extends HistogramPorts {
  check(filter: MessageFilter): Promise<readonly FilterFault[]>;
  command(name: GridCommand): void;
  /** The person wants something else to be shown. */
  wants(change: Partial<GridState>): void;
  toggleLive(): void;
  jump(): void;
  /** Ends a search that is under way; false when there is none. */
  stop(): boolean;
  /** The person is done here. */
  left(): void;
}

/** What stands above the messages: where to read from, the filter, volume over time. */
export class Bars {
  readonly roots: readonly HTMLElement[];
  readonly #strings: GridStrings;
  readonly #toolbar: Toolbar;
  readonly #filter: FilterBar;
  readonly #view: HistogramView;
  readonly #counting: HistogramReader;
  #state: GridState;
  #countedTotal = 0;
  #countedMs = 0;

  constructor(strings: GridStrings, state: GridState, ports: BarsPorts) {
    this.#strings = strings;
    this.#state = state;
    const wants = (change: Partial<GridState>) => ports.wants(change);
    this.#toolbar = new Toolbar(strings, {
      from: (from: GridFrom) => wants({ from, live: false }),
      partition: (partition) => wants({ partition, live: false }),
      histogram: () => wants({ histogram: !this.#state.histogram }),
      latest: () => wants({ latest: !this.#state.latest, from: { kind: "earliest" }, live: false }),
      live: () => ports.toggleLive(),
      jump: () => ports.jump(),
    });
    this.#filter = new FilterBar(strings, {
      check: (filter) => ports.check(filter),
      applied: (filter) => wants({ filter }),
      stop: () => ports.stop(),
      left: () => ports.left(),
      command: (name) => ports.command(name),
    });
    this.#view = new HistogramView(strings, {
      chosen: (times: TimeSpan | undefined) =>
        wants({
          times,
          live: false,
          ...(times && { from: { kind: "time", timestampMs: times.fromMs } }),
        }),
    });
    this.#counting = new HistogramReader(ports);
    this.roots = [this.#toolbar.root, this.#filter.root, this.#view.root];
    this.show(state);
  }

  get writtenFilter(): MessageFilter | undefined {
    return this.#filter.written;
  }

  focusFilter(): void {
    this.#filter.focus();
  }

  /** Puts what is shown into the bars. A filter that is being written stays when another thing changes. */
  show(state: GridState): void {
    const before = this.#state;
    this.#state = state;
    this.#toolbar.setFrom(state.from);
    if (state.filter !== this.#filter.applied) this.#filter.show(state.filter);
    const isOther = state.filter !== before.filter || state.partition !== before.partition;
    if (!state.histogram) this.#counting.stop();
    else if (isOther || !before.histogram) this.#count();
  }

  /** Counts volume over time from now on, if it is shown; the lab can be asked. */
  begin(): void {
    if (this.#state.histogram) this.#count();
  }

  draw(
    reader: Reader,
    standing: Standing,
    extents: readonly PartitionSummary[] | undefined,
    isSearching: boolean,
  ): void {
    const { live, behind, skipped, total } = reader;
    const { partition, histogram, latest, times } = this.#state;
    const enabled = standing.lab === "running";
    const partitions = (extents ?? []).map((one) => one.partition);
    const counts = countsOf(standing, this.#strings);
    this.#toolbar.show({
      ...{ live, behind, skipped, counts, partitions, partition, histogram, latest, enabled },
    });
    this.#filter.setEnabled(enabled);
    this.#filter.setSearching(isSearching);
    this.#view.root.hidden = !histogram;
    if (!histogram) return;
    if (enabled) this.#recount(total);
    const { histogram: counted, isCounting, problem } = this.#counting;
    const scanned = isCounting
      ? fill(this.#strings.counting, (counted?.scanned ?? 0).toLocaleString())
      : "";
    this.#view.show(counted, times, problem ?? scanned);
  }

  #count(): void {
    this.#countedMs = performance.now();
    this.#counting.start(this.#state.filter);
  }

  /** With a filter every message has to be looked at again: then a person decides when. */
  #recount(total: number): void {
    const isDue = performance.now() - this.#countedMs >= RECOUNT_AFTER_MS;
    if (this.#counting.isCounting || !isDue || total === this.#countedTotal) return;
    if (this.#state.filter !== undefined) return;
    this.#countedTotal = total;
    this.#count();
  }
}
