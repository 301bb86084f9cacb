/** Malformed frames that the two treat differently, with the reason. */
import type { Outcome } from "../../fault/wire/peer.ts";

export interface KnownFrame {
  readonly kind?: RegExp;
  readonly api?: RegExp;
  readonly kafka: Outcome;
  readonly lab: Outcome;
  readonly why: string;
}

export const KNOWN_FRAMES: readonly KnownFrame[] = [
  {
    kind: /^(huge number|mutation|random body)$/,
    api: /^(OffsetCommit|Fetch|InitProducerId|AddPartitionsToTxn|AddOffsetsToTxn|EndTxn)$/,
    kafka: "answered",
    lab: "closed",
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
