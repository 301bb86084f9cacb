/** Following a busy topic in a real VS Code, by the integration test that does it, for as long as is asked. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";

export const TAIL_HEADING = "## Tail";
export const TAIL_SECONDS = 300;
/** Start of VS Code and of the lab, and what there is to be read when the producer has ended. */
const MARGIN_MS = 180_000;

interface Delays {
  readonly p50: number;
  readonly p99: number;
  readonly p999: number;
  readonly max: number;
}

/** What test/integration/tail.test.ts writes. */
export interface TailFigures {
  readonly seconds: number;
  readonly rate: number;
  readonly produced: number;
  readonly shown: number;
  readonly skipped: number;
  /** How late timers of the extension host were, before the first message and while they came. */
  readonly idleMs: Delays;
  readonly delayMs: Delays;
  readonly memoryMb: number;
}

/** `file` is where the figures are handed over. */
export async function measureTail(file: string): Promise<TailFigures> {
  const limit = String(TAIL_SECONDS * 1_000 + MARGIN_MS);
  const child = spawn(process.execPath, ["test/run.mjs", "integration", "a busy topic"], {
    env: {
      ...process.env,
      ...{ TAIL_SECONDS: String(TAIL_SECONDS), TAIL_RESULT: file, TEST_LIMIT_MS: limit },
    },
    stdio: "inherit",
  });
  const [code] = (await once(child, "close")) as [number | null];
  if (code !== 0) throw new Error(`the test ended with code ${code}`);
  return JSON.parse(readFileSync(file, "utf8")) as TailFigures;
}

export function tailSection(
  date: string,
  load: readonly number[],
  { seconds, rate, produced, shown, skipped, idleMs, delayMs, memoryMb }: TailFigures,
): string {
  const whole = (count: number) => count.toLocaleString("en");
  const row = (name: string, { p50, p99, p999, max }: Delays) =>
    `| ${name} | ${p50} | ${p99} | ${p999} | ${max} |`;
  return `${TAIL_HEADING}
Written by \`npm run bench -- tail\` on ${date}, load average ${load.map((each) => each.toFixed(2)).join(" ")}. A message grid follows a topic of three partitions to which ${whole(rate)} messages of 200 B are written a second, for ${seconds} s, in VS Code's server with a browser on the same machine.

${whole(produced)} messages: ${whole(shown)} shown, ${whole(skipped)} counted as not shown, together all of them. The extension host had ${memoryMb} MB RSS. How late its timers were in ms (\`monitorEventLoopDelay\`, resolution 1 ms):

| | p50 | p99 | p99.9 | longest |
|---|---|---|---|---|
${row(`nothing to do, ${seconds / 10} s`, idleMs)}
${row("following", delayMs)}
`;
}
