/**
 * The embedded "consumer" protocol: what members of a classic group put into the metadata of
 * JoinGroup and the assignment of SyncGroup. The broker never interprets it to run a group; it is
 * decoded to show who consumes what. Versions 0-3.
 *
 * Each is an int16 version followed by the structure. A newer version is read as the newest known,
 * as the Java client does: later versions only append.
 */
import { bytes, int32, string } from "../primitives.ts";
import { Reader } from "../reader.ts";
import { array, struct, structure } from "../schema.ts";
import type { Decoded, Structure } from "../schema.ts";
import { Writer } from "../writer.ts";

export const ConsumerSubscription = structure("ConsumerProtocolSubscription", "0-3", "none", {
  topics: array("0+", string("0+")),
  userData: bytes("0+", { nullable: "0+", default: null }),
  ownedPartitions: array(
    "1+",
    struct("1+", {
      topic: string("1+"),
      partitions: array("1+", int32("1+")),
    }),
  ),
  generationId: int32("2+", { default: -1 }),
  rackId: string("3+", { nullable: "3+", default: null }),
});
export type ConsumerSubscription = Decoded<typeof ConsumerSubscription>;

export const ConsumerAssignment = structure("ConsumerProtocolAssignment", "0-3", "none", {
  assignedPartitions: array(
    "0+",
    struct("0+", {
      topic: string("0+"),
      partitions: array("0+", int32("0+")),
    }),
  ),
  userData: bytes("0+", { nullable: "0+", default: null }),
});
export type ConsumerAssignment = Decoded<typeof ConsumerAssignment>;

/** Decodes a version and a structure of that version. Throws WireError on malformed input. */
export function decodeVersioned<Out, In>(form: Structure<Out, In>, data: Buffer): Out {
  const reader = new Reader(data);
  const version = reader.int16();
  if (version < form.versions[0]) reader.fail("bad-length");
  return form.read(reader, Math.min(version, form.versions[1]));
}

/** Encodes a version and a structure of that version. */
export function encodeVersioned<Out, In>(
  form: Structure<Out, In>,
  version: number,
  value: In,
): Buffer {
  const writer = new Writer();
  writer.int16(version);
  form.write(writer, version, value);
  return Buffer.concat(writer.finish());
}
