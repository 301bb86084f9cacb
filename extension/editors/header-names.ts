import type { RunningLab } from "../lab/client.ts";
import type { LabController } from "../lab/controller.ts";
import { decodePage } from "../../runtime/api/page.ts";

/** Newest messages of each partition whose headers are looked at. */
const LOOKED_AT = 20;
const MAX_MESSAGES = 200;
/** How long an answer is good for. */
const KEPT_MS = 30_000;

interface Kept {
  readonly lab: RunningLab;
  readonly topic: string;
  readonly untilMs: number;
  readonly names: readonly string[];
}

/** The names of the headers that the newest messages of a topic have. */
export class HeaderNames {
  readonly #controller: LabController;
  #kept: Kept | undefined;

  constructor(controller: LabController) {
    this.#controller = controller;
  }

  /** In the order in which they come; none when the topic is not there or no lab runs. */
  async of(topic: string): Promise<readonly string[]> {
    const { status } = this.#controller;
    if (status.kind !== "running") return [];
    const { lab } = status;
    const kept = this.#kept;
    if (kept?.lab === lab && kept.topic === topic && kept.untilMs > performance.now()) {
      return kept.names;
    }
    const names = await read(lab, topic).catch(() => []);
    this.#kept = { lab, topic, untilMs: performance.now() + KEPT_MS, names };
    return names;
  }
}

async function read(lab: RunningLab, topic: string): Promise<readonly string[]> {
  const { page } = await lab.request("messages/read", {
    topic,
    partition: undefined,
    from: { kind: "last", count: LOOKED_AT },
    limit: MAX_MESSAGES,
    waitMs: 0,
  });
  return [...new Set(decodePage(page).flatMap(({ headers }) => headers.map(({ key }) => key)))];
}
