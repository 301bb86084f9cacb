import type { Message } from "../../../runtime/wire/kafka/schema.ts";
import { encodeRequest } from "../../conformance/wire-client.ts";

/** A request in every version given; what a version does not have is left out by the codec. */
export const encodeAll = <In>(
  message: Message<unknown, In>,
  versions: readonly number[],
  value: In,
): Buffer[] => versions.map((version) => encodeRequest(message, version, value));
