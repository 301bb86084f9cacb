/** Malformed frames that the two treat differently, with the reason. */
import { decodeRequestHeader } from "../../../runtime/wire/kafka/header.ts";
import { Reader } from "../../../runtime/wire/kafka/reader.ts";
import { WireError } from "../../../runtime/wire/kafka/wire-error.ts";
import type { Outcome } from "../../fault/wire/peer.ts";
import { API_BY_KEY } from "./apis.ts";

const SIZE_BYTES = 4;

export interface KnownFrame {
  readonly kind?: RegExp;
  readonly api?: RegExp;
  readonly kafka: Outcome;
  readonly lab: Outcome;
  /** What the frame itself must be like. */
  readonly isSo?: (bytes: Buffer) => boolean;
  readonly why: string;
}

/** Whether the request is sound but for a number beyond 2^53. */
function hasUnsafeNumber(bytes: Buffer): boolean {
  const frame = bytes.subarray(SIZE_BYTES);
  const flexibleFrom = (key: number) => API_BY_KEY.get(key)?.request.flexibleFrom;
  try {
    const { apiKey, apiVersion, bodyAt } = decodeRequestHeader(frame, flexibleFrom);
    API_BY_KEY.get(apiKey)?.request.read(new Reader(frame, bodyAt), apiVersion);
    return false;
  } catch (error) {
    if (error instanceof WireError) return error.code === "int64-range";
    throw error;
  }
}

export const KNOWN_FRAMES: readonly KnownFrame[] = [
  {
    kafka: "answered",
    lab: "closed",
    isSo: hasUnsafeNumber,
    why: "an offset or time beyond 2^53, which no log reaches, is malformed to the lab",
  },
  {
    api: /^(Create|Delete|Describe)Acls$/,
    kafka: "closed",
    lab: "answered",
    why: "Kafka checks the kinds of an ACL although it has no authoriser; the lab does not",
  },
  {
    api: /^Produce$/,
    kafka: "open",
    lab: "answered",
    why: "Kafka never answers a partition without a batch: its request thread fails; the lab refuses it",
  },
];
