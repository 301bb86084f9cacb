import type { Grid, GridHost } from "../../runtime/api/view.ts";
import { connectHost } from "../shared/host.ts";
import { GridView } from "./grid-view.ts";

/** How long opening or copying one message may take; it can be as large as 20 MB. */
const MESSAGE_TIME_LIMIT_MS = 30_000;

const NOTHING_YET = {
  live: "off",
  shown: 0,
  scanned: 0,
  skipped: 0,
  behind: 0,
  atEnd: false,
} as const;
let view: GridView | undefined;
const host = connectHost<Grid, GridHost>({
  "grid/counts": () => view?.counts ?? NOTHING_YET,
  "grid/writtenFilter": () => ({ filter: view?.writtenFilter }),
});
const { peer } = host;
const timeLimitMs = MESSAGE_TIME_LIMIT_MS;
const root = document.getElementById("root") ?? document.body;

async function main(): Promise<void> {
  const { state, lab, extents, strings } = await peer.request("grid/hello", {});
  const shown = new GridView(root, strings, state, {
    read: (request, signal) => peer.request("grid/read", request, { signal }),
    latest: (request, signal) => peer.request("grid/latest", request, { signal }),
    histogram: (request, signal) => peer.request("grid/histogram", request, { signal }),
    open: (message) => peer.request("grid/openMessage", message, { timeLimitMs }),
    copy: (message, column) => peer.request("grid/copy", { message, column }, { timeLimitMs }),
    command: (name) => void peer.request("grid/command", { name }),
    check: async (filter) => (await peer.request("grid/checkFilter", { filter })).faults,
    startLab: () => peer.request("grid/startLab", {}),
    stateChanged: (changed) => {
      host.setState(changed);
      peer.emit("grid/stateChanged", changed);
    },
  });
  view = shown;
  peer.on("grid/lab", (event) => shown.setLab(event.lab));
  peer.on("grid/extents", (event) => shown.setExtents(event.extents));
  peer.on("grid/show", (event) => shown.show(event.state, event.select));
  peer.on("grid/applyFilter", (event) => shown.applyFilter(event.filter));
  peer.on("grid/focusFilter", () => shown.focusFilter());
  peer.on("grid/setColumns", (event) => shown.setColumns(event.columns));
  host.setState(state);
  shown.setExtents(extents);
  shown.setLab(lab);
}

main().catch((error: unknown) => {
  root.textContent = error instanceof Error ? error.message : String(error);
});
