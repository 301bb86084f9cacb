/** What a hostile client does to a request that was well formed. */
import { BATCH_HEADER_BYTES, batchLength, computeCrc } from "../../../runtime/record/batch.ts";
import type { Random } from "../wire/random.ts";

/** Counts and lengths that ask for more than can be there, in both encodings, and tags without end. */
const HUGE = [
  ...["7fffffff", "80000000", "fffffffe", "7fff", "fffe", "000f4241", "ffffffff07", "8080808008"],
  ...["ffffffffffffffff7f", "01", "00", "ff"],
].map((hex) => Buffer.from(hex, "hex"));
const MAX_CHANGES = 4;
const MAX_RUN = 40;
const BATCH_CRC_AT = 17;

type Mutation = (body: Buffer, random: Random) => Buffer;

function at(body: Buffer, random: Random): number {
  return random.below(body.length + 1);
}

const truncate: Mutation = (body, random) => body.subarray(0, at(body, random));

const flipBit: Mutation = (body, random) => {
  if (body.length === 0) return body;
  const place = random.below(body.length);
  body.writeUInt8(body.readUInt8(place) ^ (1 << random.below(8)), place);
  return body;
};

const inflate: Mutation = (body, random) => {
  const huge = random.pick(HUGE);
  const place = at(body, random);
  // In place of what is there, or before it.
  const rest = body.subarray(random.below(2) === 0 ? place : place + huge.length);
  return Buffer.concat([body.subarray(0, place), huge, rest]);
};

const insert: Mutation = (body, random) => {
  const place = at(body, random);
  const more = random.bytes(1 + random.below(MAX_RUN));
  return Buffer.concat([body.subarray(0, place), more, body.subarray(place)]);
};

const remove: Mutation = (body, random) => {
  const place = at(body, random);
  const rest = body.subarray(place + 1 + random.below(MAX_RUN));
  return Buffer.concat([body.subarray(0, place), rest]);
};

/** The same elements again: counts that are right and do not agree with what follows. */
const repeat: Mutation = (body, random) => {
  const place = at(body, random);
  const slice = body.subarray(place, place + 1 + random.below(MAX_RUN));
  return Buffer.concat([body.subarray(0, place), slice, slice, body.subarray(place)]);
};

/** Tagged fields nobody declared, in place of the empty list that ends a flexible message. */
const tag: Mutation = (body, random) => {
  const count = 1 + random.below(5);
  const tags = Array.from({ length: count }, () => {
    const value = random.bytes(random.below(20));
    return Buffer.concat([Buffer.of(random.below(128), value.length), value]);
  });
  return Buffer.concat([body.subarray(0, -1), Buffer.of(count), ...tags]);
};

const MUTATIONS: readonly Mutation[] = [
  ...[truncate, flipBit, flipBit, flipBit, inflate, inflate],
  ...[insert, remove, repeat, tag],
];

/** A copy with a few changes, or now and then with none. */
export function mutated(body: Buffer, random: Random): Buffer {
  let bytes: Buffer = Buffer.from(body);
  for (let changes = random.below(MAX_CHANGES + 1); changes > 0; changes--) {
    bytes = Buffer.from(random.pick(MUTATIONS)(bytes, random));
  }
  return bytes;
}

/** A batch with changes in it and a checksum that is right all the same. */
export function sealedBatch(batch: Buffer, random: Random): Buffer {
  const bytes = Buffer.from(batch);
  for (let changes = 1 + random.below(MAX_CHANGES); changes > 0; changes--) {
    // Not the length, and not the checksum, which comes last.
    const place = BATCH_CRC_AT + random.below(bytes.length - BATCH_CRC_AT);
    bytes.writeUInt8(random.below(256), place);
  }
  if (bytes.length >= BATCH_HEADER_BYTES && batchLength(bytes, 0) === bytes.length) {
    bytes.writeUInt32BE(computeCrc(bytes, 0), BATCH_CRC_AT);
  }
  return bytes;
}
