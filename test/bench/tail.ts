/** Following a busy topic in a real VS Code, by the integration test that does it, for as long as is asked. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";

export const TAIL_HEADING = "## Tail";
export const TAIL_SECONDS = 300;
/** Start of VS Code and of the lab, and what there is to be read when the producer has ended. */
const MARGIN_MS = 180_000;

/** What test/integration/tail.test.ts writes. */
export interface TailFigures {
  readonly seconds: number;
  readonly rate: number;
  readonly produced: number;
  readonly shown: number;
  readonly skipped: number;
  /** How late timers of the extension host were. */
  readonly delayMs: {
    readonly p50: number;
    readonly p99: number;
    readonly p999: number;
    readonly max: number;
  };
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
  { seconds, rate, produced, shown, skipped, delayMs, memoryMb }: TailFigures,
): string {
  const whole = (count: number) => count.toLocaleString("en");
  return `${TAIL_HEADING}
Written by \`npm run bench -- tail\` on ${date}, load average ${load.map((each) => each.toFixed(2)).join(" ")}. A message grid follows a topic of three partitions to which ${whole(rate)} messages of 200 B are written a second, for ${seconds} s, in VS Code's server with a browser on the same machine. How late timers of the extension host were (\`monitorEventLoopDelay\`, resolution 1 ms), and what became of the messages: each was shown or is counted as not shown.

| messages | shown | not shown, counted | delay p50 ms | p99 | p99.9 | longest | extension host RSS MB |
|---|---|---|---|---|---|---|---|
| ${whole(produced)} | ${whole(shown)} | ${whole(skipped)} | ${delayMs.p50} | ${delayMs.p99} | ${delayMs.p999} | ${delayMs.max} | ${memoryMb} |
`;
}
