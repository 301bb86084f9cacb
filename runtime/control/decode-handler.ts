import type { DecodeRequests } from "../api/decoding.ts";
import { LabError } from "../api/errors.ts";
import type { Handlers } from "../api/rpc.ts";
import type { Cluster } from "../cluster/cluster.ts";
import { getMessage } from "../messages/get.ts";
import type { RegistryAddress } from "../messages/decode/registry/registry-client.ts";
import { Params } from "./params.ts";

const MAX_INDEX = 2 ** 31 - 1;
/** Longest text of a schema, in UTF-16 units. */
const MAX_SCHEMA_LENGTH = 1024 * 1024;

/** Answers with a key or value as text. Decoders are loaded when the first one is asked for. */
export function createDecodeHandler(
  cluster: Cluster,
): Handlers<{ requests: DecodeRequests; events: object }> {
  let loading: ReturnType<typeof load> | undefined;
  return {
    "messages/decode": async (params) => {
      const given = new Params(params);
      const topic = given.text("topic");
      const partition = given.integer("partition", 0, MAX_INDEX);
      const offset = given.integer("offset", 0, Number.MAX_SAFE_INTEGER);
      const side = given.text("side");
      if (side !== "key" && side !== "value") return given.fail("side", "key or value");
      const choice = {
        decoder: given.has("decoder") ? given.text("decoder") : undefined,
        schema: given.has("schema") ? given.text("schema", MAX_SCHEMA_LENGTH) : undefined,
        registry: given.has("registry") ? readRegistry(given.object("registry")) : undefined,
      };
      const found = await getMessage(cluster, topic, partition, offset);
      if (found.kind === "failed") throw new LabError(found.code, found.message);
      const { decodeMessage, registries } = await (loading ??= load());
      const outcome = await decodeMessage(topic, found.message, side, choice, registries);
      if (outcome.kind === "failed") throw new LabError(outcome.code, outcome.message);
      return { decoded: outcome.decoded };
    },
  };
}

async function load() {
  const { decodeMessage } = await import("../messages/decode/decode-message.ts");
  const { Registries } = await import("../messages/decode/registry/registry-decoder.ts");
  return { decodeMessage, registries: new Registries() };
}

/** Passwords are not part of an address, so that they end up in no log and no setting. */
function readRegistry(given: Params): RegistryAddress {
  const url = given.text("url");
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  const isUsable = parsed?.protocol === "http:" || parsed?.protocol === "https:";
  if (!isUsable || parsed.username !== "" || parsed.password !== "" || parsed.search !== "") {
    return given.fail("url", "an address such as http://localhost:8081, without user and password");
  }
  return { url, userInfo: given.has("userInfo") ? given.text("userInfo") : undefined };
}
