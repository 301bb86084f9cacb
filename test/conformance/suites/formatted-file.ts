import { writeFileSync } from "node:fs";
import { format, resolveConfig } from "prettier";

/** Writes a file in the form in which the project keeps such files, so that its checks take it. */
export async function writeFormatted(file: string, text: string): Promise<void> {
  writeFileSync(file, await format(text, { ...(await resolveConfig(file)), filepath: file }));
}
