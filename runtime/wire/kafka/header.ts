import { string } from "./primitives.ts";
import { Reader } from "./reader.ts";
import { structure } from "./schema.ts";

/** ApiVersions, whose response always has header v0: its reader does not know the version yet (KIP-511). */
export const API_VERSIONS_KEY = 18;

/** Size prefix, api key, api version and correlation id have fixed places in every version. */
const FIXED_BYTES = 8;

/** The client id stays a classic string in header v2, so it is declared as its own inflexible part. */
const clientIdPart = structure("RequestHeaderClientId", "1-2", "none", {
  clientId: string("1+", { nullable: "1+" }),
});
const tagsPart = structure("RequestHeaderTags", "2", "2+", {});

export interface RequestHeader {
  readonly apiKey: number;
  readonly apiVersion: number;
  /** Chosen by the client; the response repeats it. */
  readonly correlationId: number;
  /** Null also for an API that is not known here: its header version is not known either. */
  readonly clientId: string | null;
  /** Whether the request is of a flexible version (KIP-482): header v2, and response header v1. */
  readonly flexible: boolean;
  /** Where the body begins in the frame. */
  readonly bodyAt: number;
}

/**
 * Decodes the header at the start of a frame. `flexibleFrom` gives the first flexible version of an
 * API, or undefined for an API that is not served, of which only key, version and correlation id are
 * read. Throws WireError on malformed input.
 */
export function decodeRequestHeader(
  frame: Buffer,
  flexibleFrom: (apiKey: number) => number | undefined,
): RequestHeader {
  const reader = new Reader(frame);
  const apiKey = reader.int16();
  const apiVersion = reader.int16();
  const correlationId = reader.int32();
  const since = flexibleFrom(apiKey);
  if (since === undefined) {
    return {
      apiKey,
      apiVersion,
      correlationId,
      clientId: null,
      flexible: false,
      bodyAt: FIXED_BYTES,
    };
  }
  const flexible = apiVersion >= since;
  const { clientId } = clientIdPart.read(reader, 1);
  if (flexible) tagsPart.read(reader, 2);
  return { apiKey, apiVersion, correlationId, clientId, flexible, bodyAt: reader.at };
}

/**
 * Encodes the size prefix and header of the response to `request`, for a body of these chunks: send
 * the result and then the chunks.
 */
export function encodeResponseHeader(
  request: Pick<RequestHeader, "apiKey" | "correlationId" | "flexible">,
  body: readonly Buffer[],
): Buffer {
  const hasTags = request.flexible && request.apiKey !== API_VERSIONS_KEY;
  const bodyBytes = body.reduce((sum, chunk) => sum + chunk.length, 0);
  const header = Buffer.allocUnsafe(hasTags ? 9 : 8);
  header.writeInt32BE(header.length - 4 + bodyBytes, 0);
  header.writeInt32BE(request.correlationId, 4);
  if (hasTags) header.writeUInt8(0, 8);
  return header;
}
