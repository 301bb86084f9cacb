import { decodePage } from "../../runtime/api/page.ts";
import type { Grid, GridHost } from "../../runtime/api/view.ts";
import { connectHost } from "../shared/host.ts";
import { GridView } from "./grid-view.ts";

/** How long opening or copying one message may take; it can be as large as 20 MB. */
const MESSAGE_TIME_LIMIT_MS = 30_000;

const host = connectHost<Grid, GridHost>({});
const { peer } = host;
const timeLimitMs = MESSAGE_TIME_LIMIT_MS;
const root = document.getElementById("root") ?? document.body;

async function main(): Promise<void> {
  const { state, select, lab, extents, strings } = await peer.request("grid/hello", {});
  const view = new GridView(root, strings, state, {
    read: (request, signal) => peer.request("grid/read", request, { signal }),
    decode: decodePage,
    open: (message) => peer.request("grid/openMessage", message, { timeLimitMs }),
    copy: (message) => peer.request("grid/copyValue", message, { timeLimitMs }),
    startLab: () => peer.request("grid/startLab", {}),
    stateChanged: (changed) => {
      host.setState(changed);
      peer.emit("grid/stateChanged", changed);
    },
  });
  peer.on("grid/lab", (event) => view.setLab(event.lab));
  peer.on("grid/extents", (event) => view.setExtents(event.extents));
  peer.on("grid/show", (event) => view.show(event.state, event.select));
  host.setState(state);
  view.setExtents(extents);
  if (select !== undefined) view.show(state, select);
  view.setLab(lab);
}

main().catch((error: unknown) => {
  root.textContent = error instanceof Error ? error.message : String(error);
});
