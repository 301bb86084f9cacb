import { readFileSync } from "node:fs";
import { LabConnection } from "./client.ts";
import type { DecodeCommand } from "./message-arguments.ts";
import type { Output } from "./output.ts";
import { CommandError } from "./usage.ts";

/** `user:password` for the registry; on a command line everybody could read it. */
const USER_INFO = "STREAMSIDE_SCHEMA_REGISTRY_USER_INFO";

/** Prints one key or value as text; says why the decoders that were tried before could not read it. */
export async function runDecode(
  command: DecodeCommand,
  output: Output,
  remark: (text: string) => void,
): Promise<void> {
  const { topic, partition, offset, side, decoder, schemaFile, registry: url } = command;
  const schema = schemaFile === undefined ? undefined : readSchema(schemaFile);
  const lab = await LabConnection.open(command.dataFolder);
  try {
    const registry = url === undefined ? undefined : { url, userInfo: process.env[USER_INFO] };
    const where = { topic, partition, offset, side, decoder, schema, registry };
    const { decoded } = await lab.ask("messages/decode", where);
    if (decoded === null) {
      remark(`the ${side} is null.`);
      return;
    }
    for (const attempt of decoded.tried) {
      if (decoder !== undefined || decoded.decoder === "hex") {
        remark(`not ${attempt.decoder}: ${attempt.reason}.`);
      }
    }
    if (decoded.schema !== undefined) remark(`by ${decoded.schema}.`);
    await output.line(decoded.text);
  } finally {
    lab.close();
  }
}

function readSchema(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new CommandError(`the schema ${file} cannot be read: ${reason}`);
  }
}
