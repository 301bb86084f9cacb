import type { GridStrings } from "../../runtime/api/view.ts";
import { element } from "./dom.ts";
import { fill } from "./text.ts";

/** What stands for all partitions among the numbers. */
const ALL = "all";

/** Which partition is read, or all. Not shown for a topic that has only one. */
export class PartitionPicker {
  readonly root: HTMLSelectElement;
  readonly #strings: GridStrings;
  #listed = "";

  constructor(strings: GridStrings, chosen: (partition: number | undefined) => void) {
    this.#strings = strings;
    this.root = element("select", { "aria-label": strings.columnPartition, hidden: true });
    this.root.addEventListener("change", () => {
      chosen(this.root.value === ALL ? undefined : Number(this.root.value));
    });
  }

  show(partitions: readonly number[], chosen: number | undefined, isEnabled: boolean): void {
    this.root.hidden = partitions.length < 2;
    this.root.disabled = !isEnabled;
    const listed = partitions.join();
    if (listed !== this.#listed) {
      this.#listed = listed;
      this.root.replaceChildren(
        element("option", { value: ALL }, this.#strings.allPartitions),
        ...partitions.map((partition) =>
          element("option", { value: partition }, fill(this.#strings.onePartition, partition)),
        ),
      );
    }
    const value = chosen === undefined ? ALL : String(chosen);
    if (this.root.value !== value) this.root.value = value;
  }
}
