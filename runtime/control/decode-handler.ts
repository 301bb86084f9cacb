import { LabError } from "../api/errors.ts";
import type { Lab } from "../api/lab.ts";
import type { DecodedField } from "../api/model.ts";
import type { Handlers } from "../api/rpc.ts";
import type { Cluster } from "../cluster/cluster.ts";
import { getMessage } from "../messages/get.ts";
import { Params } from "./params.ts";

const MAX_INDEX = 2 ** 31 - 1;
/** Longest text of a schema, in UTF-16 units. */
const MAX_SCHEMA_LENGTH = 1024 * 1024;

/** Answers with a key or value as text. Decoders are loaded when the first one is asked for. */
export function createDecodeHandler(cluster: Cluster): Pick<Handlers<Lab>, "messages/decode"> {
  return {
    "messages/decode": async (params) => {
      const given = new Params(params);
      const topic = given.text("topic");
      const partition = given.integer("partition", 0, MAX_INDEX);
      const offset = given.integer("offset", 0, Number.MAX_SAFE_INTEGER);
      const side = given.text("side");
      if (side !== "key" && side !== "value") return given.fail("side", "key or value");
      const decoder = given.has("decoder") ? given.text("decoder") : undefined;
      const schema = given.has("schema") ? given.text("schema", MAX_SCHEMA_LENGTH) : undefined;
      const found = await getMessage(cluster, topic, partition, offset);
      if (found.kind === "failed") throw new LabError(found.code, found.message);
      const field = found.message[side];
      if (field === null) return { decoded: null };
      return { decoded: await decode(Buffer.from(field.bytes), decoder, schema) };
    },
  };
}

async function decode(
  bytes: Buffer,
  id: string | undefined,
  schema: string | undefined,
): Promise<DecodedField> {
  const { decodeField } = await import("../messages/decode/decode.ts");
  if (id === undefined) return decodeField(bytes, undefined);
  const { findDecoder } = await import("../messages/decode/find-decoder.ts");
  const chosen = findDecoder(id, schema);
  if (chosen.kind === "refused") throw new LabError("bad-request", chosen.message);
  return decodeField(bytes, chosen.decoder);
}
