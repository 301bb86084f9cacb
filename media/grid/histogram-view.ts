import type { GridStrings } from "../../runtime/api/view.ts";
import type { TimeSpan } from "../../runtime/api/survey.ts";
import { element, setAttribute, setText } from "./dom.ts";
import {
  type Brush,
  brushBetween,
  brushOf,
  countOf,
  type Histogram,
  movedEnd,
  spanOf,
} from "./histogram-state.ts";
import { fill, localTime } from "./text.ts";

const SVG = "http://www.w3.org/2000/svg";
/** Height of the drawing in its own units; its width is one unit for each bucket. */
const HEIGHT = 100;
/** Buckets that a key with Ctrl goes over at once. */
const BIG_STEP = 10;

export interface HistogramEvents {
  /** Only messages of these times are wanted; all when undefined. */
  chosen(times: TimeSpan | undefined): void;
}

/** Volume over time. A stretch of it is chosen by drawing over it, or by moving its ends with the arrow keys and Enter. */
export class HistogramView {
  readonly root: HTMLElement;
  readonly #strings: GridStrings;
  readonly #events: HistogramEvents;
  readonly #plot: HTMLElement;
  readonly #bars: SVGPathElement;
  readonly #svg: SVGSVGElement;
  readonly #shade = element("div", { class: "brush", "aria-hidden": "true" });
  readonly #ends: Readonly<Record<keyof Brush, HTMLElement>>;
  readonly #words = element("span", { class: "counts", role: "status" });
  readonly #clear: HTMLButtonElement;
  #histogram: Histogram | undefined;
  #chosen: TimeSpan | undefined;
  /** As it is being drawn or moved, not chosen yet. */
  #brush: Brush | undefined;

  constructor(strings: GridStrings, events: HistogramEvents) {
    this.#strings = strings;
    this.#events = events;
    this.#svg = document.createElementNS(SVG, "svg");
    this.#svg.setAttribute("preserveAspectRatio", "none");
    this.#svg.setAttribute("aria-hidden", "true");
    this.#bars = document.createElementNS(SVG, "path");
    this.#svg.append(this.#bars);
    this.#ends = { from: this.#end("from"), to: this.#end("to") };
    this.#plot = element("div", { class: "plot" }, this.#shade, this.#ends.from, this.#ends.to);
    this.#plot.prepend(this.#svg);
    this.#clear = element("button", { type: "button", class: "quiet" }, strings.allTimes);
    this.#clear.addEventListener("click", () => this.#choose(undefined));
    this.root = element(
      "section",
      { class: "histogram", "aria-label": strings.histogram, hidden: true },
      this.#plot,
      element("div", { class: "histogram-foot" }, this.#words, this.#clear),
    );
    this.#plot.addEventListener("pointerdown", (event) => this.#draw(event));
  }

  show(histogram: Histogram | undefined, chosen: TimeSpan | undefined, scanned: string): void {
    const isNew = histogram !== this.#histogram;
    this.#histogram = histogram;
    this.#chosen = chosen;
    if (isNew && histogram !== undefined) this.#drawBars(histogram);
    this.#clear.hidden = chosen === undefined;
    this.#show(scanned);
  }

  #drawBars({ counts }: Histogram): void {
    const most = Math.max(...counts, 1);
    this.#svg.setAttribute("viewBox", `0 0 ${Math.max(1, counts.length)} ${HEIGHT}`);
    const bars = counts.map((count, bucket) => {
      if (count === 0) return "";
      // Few messages are still to be seen beside many.
      const height = Math.max((count / most) * HEIGHT, 3);
      return `M${bucket + 0.08} ${HEIGHT}v${-height}h0.84v${height}z`;
    });
    this.#bars.setAttribute("d", bars.join(""));
  }

  #show(scanned = ""): void {
    const histogram = this.#histogram;
    const isEmpty = histogram === undefined || histogram.counts.length === 0;
    for (const part of [this.#shade, this.#ends.from, this.#ends.to]) part.hidden = isEmpty;
    if (isEmpty) {
      setText(this.#words, scanned);
      return;
    }
    const brush = this.#brush ?? brushOf(this.#chosen, histogram);
    const buckets = histogram.counts.length;
    const isAll = brush.from === 0 && brush.to === buckets;
    this.#shade.hidden = isAll;
    this.#shade.style.left = `${(brush.from / buckets) * 100}%`;
    this.#shade.style.width = `${((brush.to - brush.from) / buckets) * 100}%`;
    const { fromMs, toMs } = spanOf(brush, histogram);
    this.#place("from", brush.from, fromMs);
    this.#place("to", brush.to, toMs);
    const counted = countOf(brush, histogram).toLocaleString();
    const range = fill(this.#strings.volume, counted, localTime(fromMs), localTime(toMs));
    setText(this.#words, histogram.isWhole || scanned === "" ? range : `${range} · ${scanned}`);
  }

  #place(end: keyof Brush, bucket: number, timeMs: number): void {
    const handle = this.#ends[end];
    const buckets = this.#histogram?.counts.length ?? 1;
    handle.style.left = `${(bucket / buckets) * 100}%`;
    setAttribute(handle, "aria-valuemax", buckets);
    setAttribute(handle, "aria-valuenow", bucket);
    setAttribute(handle, "aria-valuetext", localTime(timeMs));
  }

  #end(end: keyof Brush): HTMLElement {
    const title = end === "from" ? this.#strings.timesFrom : this.#strings.timesTo;
    const handle = element("div", {
      ...{ role: "slider", class: `handle ${end}`, tabindex: 0, title },
      ...{ "aria-label": title, "aria-valuemin": 0, "aria-orientation": "horizontal" },
    });
    handle.addEventListener("keydown", (event) => this.#keyed(event, end));
    return handle;
  }

  #keyed(event: KeyboardEvent, end: keyof Brush): void {
    const histogram = this.#histogram;
    if (histogram === undefined || event.altKey) return;
    const buckets = histogram.counts.length;
    const steps: Readonly<Record<string, number>> = {
      ...{ ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1 },
      ...{ PageDown: -BIG_STEP, PageUp: BIG_STEP, Home: -buckets, End: buckets },
    };
    const by = steps[event.key];
    const brush = this.#brush ?? brushOf(this.#chosen, histogram);
    if (by !== undefined) {
      this.#brush = movedEnd(brush, end, event.ctrlKey ? by * BIG_STEP : by, buckets);
      this.#show();
    } else if (event.key === "Enter") this.#choose(brush);
    else if (event.key === "Escape" && this.#brush !== undefined) {
      this.#brush = undefined;
      this.#show();
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }

  #draw(start: PointerEvent): void {
    const histogram = this.#histogram;
    if (start.button !== 0 || histogram === undefined || histogram.counts.length === 0) return;
    start.preventDefault();
    const buckets = histogram.counts.length;
    const bucketAt = ({ clientX }: PointerEvent) => {
      const { left, width } = this.#plot.getBoundingClientRect();
      return Math.floor(((clientX - left) / Math.max(1, width)) * buckets);
    };
    const first = bucketAt(start);
    const move = (event: PointerEvent) => {
      this.#brush = brushBetween(first, bucketAt(event), buckets);
      this.#show();
    };
    this.#plot.setPointerCapture(start.pointerId);
    this.#plot.addEventListener("pointermove", move);
    const end = (event: PointerEvent) => {
      this.#plot.removeEventListener("pointermove", move);
      if (event.type === "pointerup") this.#choose(brushBetween(first, bucketAt(event), buckets));
      else {
        this.#brush = undefined;
        this.#show();
      }
    };
    this.#plot.addEventListener("pointerup", end, { once: true });
    this.#plot.addEventListener("pointercancel", end, { once: true });
    move(start);
  }

  #choose(brush: Brush | undefined): void {
    const histogram = this.#histogram;
    this.#brush = undefined;
    if (histogram === undefined) return;
    const isAll = brush === undefined || (brush.from === 0 && brush.to === histogram.counts.length);
    this.#events.chosen(isAll ? undefined : spanOf(brush, histogram));
  }
}
