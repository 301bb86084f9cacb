import { createInterface } from "node:readline/promises";

/** Asks a question on a terminal; the answer is undefined where the streams are none. */
export function askOn(
  input: NodeJS.ReadStream,
  output: NodeJS.WriteStream,
): (question: string) => Promise<string | undefined> {
  return async (question) => {
    if (!input.isTTY || !output.isTTY) return undefined;
    const lines = createInterface({ input, output });
    try {
      return await lines.question(question);
    } finally {
      lines.close();
    }
  };
}
