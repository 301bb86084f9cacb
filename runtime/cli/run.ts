import { type Command, parseCommand } from "./arguments.ts";
import { askOn } from "./ask.ts";
import { runBrokers } from "./brokers.ts";
import type { StartLab } from "./lab-options.ts";
import { runCount } from "./count.ts";
import { runDecode } from "./decode.ts";
import { runGroups } from "./groups.ts";
import { runLoad } from "./load.ts";
import { runMove } from "./move.ts";
import { runMoves } from "./moves.ts";
import { Output } from "./output.ts";
import { runPeek } from "./peek.ts";
import { progressOn } from "./progress.ts";
import { runProduce } from "./produce.ts";
import { runReset } from "./reset.ts";
import { runServe } from "./serve.ts";
import { runTopics } from "./topics.ts";
import { HELP, UsageError } from "./usage.ts";

const DONE = 0;
const FAILED = 1;
const MISUSED = 2;

export interface CliOptions {
  /** Loads and starts the lab; called by `serve` only, so that the other commands need not load a broker. */
  readonly startLab: StartLab;
  readonly version: string;
}

/** Runs the `streamside` command to its end. Resolves with the exit code: 0 done, 1 failed, 2 not understood. */
export async function runCli(argv: readonly string[], options: CliOptions): Promise<number> {
  const remark = (text: string) => void process.stderr.write(`streamside: ${text}\n`);
  const output = new Output(process.stdout);
  try {
    await run(parseCommand(argv), options, output, remark);
    await output.flush();
    return DONE;
  } catch (error) {
    await output.flush().catch(() => undefined);
    const misused = error instanceof UsageError;
    remark(oneLine(error) + (misused ? ' See "streamside --help".' : ""));
    return misused ? MISUSED : FAILED;
  }
}

async function run(
  command: Command,
  { startLab, version }: CliOptions,
  output: Output,
  remark: (text: string) => void,
): Promise<void> {
  switch (command.name) {
    case "help":
      return output.line(HELP.trimEnd());
    case "version":
      return output.line(version);
    case "serve": {
      const log = (line: string) => void process.stderr.write(`${line}\n`);
      return runServe(command, startLab, version, process, output, log);
    }
    case "topics":
      return runTopics(command, output, remark);
    case "brokers":
      return runBrokers(command, output);
    case "groups":
      return runGroups(command, output, remark);
    case "reset":
      return runReset(command, output, remark);
    case "peek":
    case "search":
      return runPeek(command, output, remark);
    case "count":
      return runCount(command, output, progressOn(process.stderr));
    case "decode":
      return runDecode(command, output, remark);
    case "produce":
      return runProduce(command, process.stdin, output, remark);
    case "moves":
      return runMoves(command, output);
    case "load":
      return runLoad(command, output, {
        ...{ remark, progress: progressOn(process.stderr), signals: process },
      });
    case "export":
    case "import":
    case "replay":
    case "copy":
    case "redrive":
      return runMove(command, output, {
        ...{ remark, progress: progressOn(process.stderr), signals: process },
        ask: askOn(process.stdin, process.stderr),
      });
  }
}

function oneLine(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.replace(/\s*\n\s*/g, " ");
}
