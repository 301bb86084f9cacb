/** Bytes that no client should send. Everything random comes from the seed. */
import type { Random } from "./random.ts";
import { ALL_REQUESTS, CORE_REQUESTS } from "./valid-requests.ts";

export interface Attack {
  readonly kind: string;
  readonly bytes: Buffer;
  /** The frame that it begins never ends: the attacker closes its side after the last byte. */
  readonly incomplete: boolean;
}

/** What a frame may at most hold, as Apache Kafka's socket.request.max.bytes. */
const MAX_FRAME_BYTES = 104_857_600;
const SIZE_BYTES = 4;
const API_KEY_AT = 4;
const API_VERSION_AT = 6;
/** Past the size and the header's key, version and correlation id. */
const AFTER_FIXED_HEADER = 12;
const UNKNOWN_KEYS = [
  -32_768, -2, -1, 4, 5, 6, 7, 24, 28, 33, 50, 68, 71, 80, 90, 100, 1_000, 32_767,
];
const UNKNOWN_VERSIONS = [-32_768, -1, 20, 99, 32_767];
/** Counts and lengths that ask for more than can be there, in both encodings. */
const HUGE = ["7fffffff", "80000000", "fffffffe", "7fff", "fffe", "ffffffff07", "8080808008"].map(
  (hex) => Buffer.from(hex, "hex"),
);

const INTERESTING_LENGTHS: readonly number[] = [
  ...[-(2 ** 31), -(2 ** 31) + 1, -(2 ** 24), -65_536, -32_769, -256, -2, -1, 0, 1, 2, 3, 4, 5, 7],
  ...[8, 9, 10, 127, 128, 255, 256, 32_767, 32_768, 65_535, 65_536, 2 ** 20, 2 ** 24, 2 ** 26],
  ...[MAX_FRAME_BYTES - 1, MAX_FRAME_BYTES, MAX_FRAME_BYTES + 1, 2 ** 27, 2 ** 30, 2 ** 31 - 1],
];

/** The same bytes with a size that is true. */
function withTrueSize(bytes: Buffer): Buffer {
  const copy = Buffer.from(bytes);
  copy.writeInt32BE(copy.length - SIZE_BYTES, 0);
  return copy;
}

/** A frame can be answered or refused when as many bytes are there as it claims, or its size is wrong. */
function attack(kind: string, bytes: Buffer): Attack {
  if (bytes.length < SIZE_BYTES) return { kind, bytes, incomplete: true };
  const size = bytes.readInt32BE(0);
  const incomplete = size > 0 && size <= MAX_FRAME_BYTES && size > bytes.length - SIZE_BYTES;
  return { kind, bytes, incomplete };
}

function lengths(random: Random): Attack[] {
  return INTERESTING_LENGTHS.flatMap((length) =>
    [0, 1, 7, 300].map((following) => {
      const bytes = Buffer.alloc(SIZE_BYTES + following);
      bytes.writeInt32BE(length, 0);
      random.bytes(following).copy(bytes, SIZE_BYTES);
      return attack("length", bytes);
    }),
  );
}

/** Every prefix, once as it is and once with a size that says that it is whole. */
function truncated(): Attack[] {
  return CORE_REQUESTS.flatMap((request) =>
    Array.from(request.keys()).flatMap((end) => {
      const cut = request.subarray(0, end);
      const bare = attack("cut", cut);
      return end <= SIZE_BYTES ? [bare] : [bare, attack("cut, sized", withTrueSize(cut))];
    }),
  );
}

function unknownApis(random: Random): Attack[] {
  const withHeader = (key: number, version: number): Attack => {
    const bytes = Buffer.concat([Buffer.alloc(AFTER_FIXED_HEADER), random.bytes(20)]);
    bytes.writeInt16BE(key, API_KEY_AT);
    bytes.writeInt16BE(version, API_VERSION_AT);
    return attack("unknown API", withTrueSize(bytes));
  };
  const keys = UNKNOWN_KEYS.flatMap((key) => [0, 1, 9].map((version) => withHeader(key, version)));
  const versions = ALL_REQUESTS.flatMap((request) =>
    UNKNOWN_VERSIONS.map((version) => {
      const bytes = Buffer.from(request);
      bytes.writeInt16BE(version, API_VERSION_AT);
      return attack("unknown version", bytes);
    }),
  );
  return [...keys, ...versions];
}

/** A huge number at every place where a count or a length may be. */
function huge(): Attack[] {
  return ALL_REQUESTS.flatMap((request) =>
    Array.from({ length: request.length - AFTER_FIXED_HEADER }, (_, n) => {
      const at = AFTER_FIXED_HEADER + n;
      const bytes = Buffer.from(request);
      HUGE[n % HUGE.length]?.copy(bytes, at);
      return attack("huge number", bytes);
    }),
  );
}

function randomBytes(random: Random): Attack {
  return attack("random bytes", random.bytes(1 + random.below(400)));
}

function randomFrame(random: Random): Attack {
  return attack("random frame", withTrueSize(random.bytes(5 + random.below(400))));
}

function randomBody(random: Random): Attack {
  const header = random.pick(ALL_REQUESTS).subarray(0, AFTER_FIXED_HEADER);
  const body = random.bytes(random.below(300));
  return attack("random body", withTrueSize(Buffer.concat([header, body])));
}

/** Some bytes changed, removed, or put in anywhere behind the size. */
function mutated(random: Random): Attack {
  let bytes: Buffer = Buffer.from(random.pick(ALL_REQUESTS));
  const changes = 1 + random.below(4);
  for (let change = 0; change < changes; change++) {
    const at = SIZE_BYTES + random.below(bytes.length - SIZE_BYTES);
    switch (random.below(4)) {
      case 0:
        bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1 + random.below(4))]);
        break;
      case 1:
        bytes = Buffer.concat([bytes.subarray(0, at), random.bytes(4), bytes.subarray(at)]);
        break;
      case 2:
        bytes.writeUInt8(random.below(256), at);
        break;
      default:
        bytes.writeUInt8(bytes.readUInt8(at) ^ (1 << random.below(8)), at);
    }
    if (bytes.length <= SIZE_BYTES) bytes = Buffer.concat([bytes, random.bytes(SIZE_BYTES)]);
  }
  return attack("mutation", withTrueSize(bytes));
}

/** `count` attacks, in an order of the seed: each systematic one, and random ones to fill up. */
export function attacks(count: number, random: Random): Attack[] {
  const all = [...lengths(random), ...truncated(), ...unknownApis(random), ...huge()];
  const fill = [randomBytes, randomFrame, randomBody, mutated, mutated];
  while (all.length < count) all.push(random.pick(fill)(random));
  for (let last = all.length - 1; last > 0; last--) {
    const other = random.below(last + 1);
    const [a, b] = [all[last], all[other]];
    if (a === undefined || b === undefined) continue;
    all[last] = b;
    all[other] = a;
  }
  return all;
}
