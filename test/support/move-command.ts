import { PassThrough } from "node:stream";
import { parseCommand } from "../../runtime/cli/arguments.ts";
import { runMove } from "../../runtime/cli/move.ts";
import { Output } from "../../runtime/cli/output.ts";

export interface Said {
  readonly stdout: string;
  readonly remarks: readonly string[];
  readonly questions: readonly string[];
}

/** Runs a command that moves messages, in this process, and answers its question; with nobody to ask when undefined. */
export async function moveCommand(
  line: string,
  dataFolder: string,
  answer: string | undefined,
  said: string[] = [],
): Promise<Said> {
  const stdout = new PassThrough();
  const parsed = parseCommand([...line.split(" "), "--data", dataFolder]);
  if (!("move" in parsed)) throw new Error(`${line} moves nothing`);
  const output = new Output(stdout);
  const questions: string[] = [];
  await runMove(parsed, output, {
    remark: (text) => void said.push(text),
    progress: () => undefined,
    signals: { once: () => undefined, off: () => undefined },
    ask: (question) => {
      questions.push(question);
      return Promise.resolve(answer);
    },
  });
  await output.flush();
  return { stdout: String(stdout.read() ?? ""), remarks: said, questions };
}
