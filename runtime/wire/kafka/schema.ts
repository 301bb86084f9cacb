/**
 * Kafka messages as data. One declaration per message gives its TypeScript types, its decoder and its
 * encoder for every version; both are compiled to closures the first time a version is used. The
 * vocabulary (versions, nullable, tag, default) is that of Kafka's own message definitions, so that a
 * declaration can be compared with them field by field.
 */
import { hasVersion, versionRange } from "./field.ts";
import type { AnyField, Codec, Field, IsDefaulted, Nullable, Options, Shape } from "./field.ts";
import type { StructIn, StructOut, Versions } from "./field.ts";
import { longLength, readLength, writeNull } from "./primitives.ts";
import { MAX_TAGGED_FIELDS, Reader } from "./reader.ts";
import { Writer } from "./writer.ts";

type Values = Record<string, unknown>;

interface Member {
  readonly name: string;
  readonly field: AnyField;
  readonly codec: Codec;
}

interface Tagged {
  readonly tag: number;
  readonly member: Member;
}

/** Declares an array; its default is no elements, or null where `default: null` says so. */
export function array<
  T,
  I,
  V extends Versions,
  const O extends Options<null> = Record<never, never>,
>(
  versions: V,
  element: Field<T, I, Versions, boolean>,
  options?: O,
): Field<Nullable<T[], O>, Nullable<readonly I[], O>, V, IsDefaulted<O>> {
  const declared: Options<null> = options ?? {};
  return {
    kind: "array",
    versions,
    options: declared,
    element,
    fallback: () => (declared.default === null ? null : []),
    isFallback(value: readonly unknown[] | null) {
      return declared.default === null ? value === null : value !== null && value.length === 0;
    },
    codec(version, flexible) {
      return arrayCodec(
        element.codec(version, flexible),
        flexible,
        hasVersion(declared.nullable, version),
      );
    },
  };
}

function arrayCodec(element: Codec, flexible: boolean, nullable: boolean): Codec {
  const length = longLength(flexible);
  const minBytes = Math.max(1, element.minBytes);
  return {
    minBytes: length.minBytes,
    read(reader) {
      const count = readLength(reader, length, nullable);
      if (count < 0) return null;
      reader.admit(count, minBytes);
      const values: unknown[] = [];
      for (let i = 0; i < count; i++) values.push(element.read(reader));
      return values;
    },
    write(writer, values: readonly unknown[] | null) {
      if (values === null) return writeNull(writer, length, nullable);
      length.write(writer, values.length);
      for (const value of values) element.write(writer, value);
    },
  };
}

/** Declares a struct; its default is all its fields' defaults, or null where `default: null` says so. */
export function struct<
  S extends Shape,
  V extends Versions,
  const O extends Options<null> = Record<never, never>,
>(
  versions: V,
  members: S,
  options?: O,
): Field<Nullable<StructOut<S>, O>, Nullable<StructIn<S, V>, O>, V, IsDefaulted<O>> {
  const declared: Options<null> = options ?? {};
  const entries = Object.entries(members);
  return {
    kind: "struct",
    versions,
    options: declared,
    members,
    fallback() {
      if (declared.default === null) return null;
      return Object.fromEntries(entries.map(([name, member]) => [name, member.fallback()]));
    },
    isFallback(value: Values | null) {
      if (value === null || declared.default === null) return value === (declared.default ?? {});
      return entries.every(([name, member]) => {
        const memberValue = value[name];
        return memberValue === undefined || member.isFallback(memberValue);
      });
    },
    codec(version, flexible) {
      const codec = structCodec(members, version, flexible);
      return hasVersion(declared.nullable, version) ? nullableStruct(codec) : codec;
    },
  };
}

/** A nullable struct is preceded by one byte: -1 for null, 1 for a value. */
function nullableStruct(codec: Codec): Codec {
  return {
    minBytes: 1,
    read: (reader) => (reader.int8() < 0 ? null : codec.read(reader)),
    write(writer, value) {
      writer.int8(value === null ? -1 : 1);
      if (value !== null) codec.write(writer, value);
    },
  };
}

function structCodec(members: Shape, version: number, flexible: boolean): Codec {
  const present: Member[] = Object.entries(members)
    .filter(([, field]) => hasVersion(field.versions, version))
    .map(([name, field]) => ({ name, field, codec: field.codec(version, flexible) }));
  const plain = present.filter(({ field }) => field.options.tag === undefined);
  const tagged: Tagged[] = [];
  for (const member of present) {
    const { tag } = member.field.options;
    if (tag !== undefined) tagged.push({ tag, member });
  }
  tagged.sort((a, b) => a.tag - b.tag);
  const absent = Object.entries(members).filter(
    ([name]) => !plain.some((member) => member.name === name),
  );
  // Cloning a template gives every decoded struct the same hidden class, whatever the version.
  const template: Values = Object.fromEntries(
    Object.entries(members).map(([name, field]) => [name, field.fallback()]),
  );
  const fresh = absent.filter(([name]) => typeof template[name] === "object");
  const minBytes = plain.reduce((sum, { codec }) => sum + codec.minBytes, flexible ? 1 : 0);
  return {
    minBytes,
    read(reader) {
      const values: Values = { ...template };
      for (const { name, codec } of plain) values[name] = codec.read(reader);
      for (const [name, field] of fresh) values[name] = field.fallback();
      if (flexible) readTagged(reader, tagged, values);
      return values;
    },
    write(writer, values: Values) {
      for (const { name, field, codec } of plain) {
        const value = values[name];
        codec.write(writer, value === undefined ? field.fallback() : value);
      }
      if (flexible) writeTagged(writer, tagged, values);
    },
  };
}

/**
 * Reads the tagged fields at the end of a struct (KIP-482); those not declared are skipped. As in
 * Apache Kafka, they may come in any order, and the last of one tag counts.
 */
function readTagged(reader: Reader, tagged: readonly Tagged[], values: Values): void {
  const count = reader.uvarint();
  if (count > MAX_TAGGED_FIELDS) reader.fail("too-many-tags");
  for (let i = 0; i < count; i++) {
    const tag = reader.uvarint();
    const length = reader.uvarint();
    const member = tagged.find((known) => known.tag === tag)?.member;
    if (member === undefined) reader.skip(length);
    else values[member.name] = reader.within(length, () => member.codec.read(reader));
  }
}

function writeTagged(writer: Writer, tagged: readonly Tagged[], values: Values): void {
  let count = 0;
  for (const { member } of tagged) if (mustWrite(member, values)) count++;
  writer.uvarint(count);
  if (count === 0) return;
  for (const { tag, member } of tagged) {
    if (!mustWrite(member, values)) continue;
    const content = new Writer();
    member.codec.write(content, values[member.name]);
    writer.uvarint(tag);
    writer.uvarint(content.byteLength);
    for (const chunk of content.finish()) writer.bytes(chunk);
  }
}

function mustWrite({ name, field }: Member, values: Values): boolean {
  const value = values[name];
  return value !== undefined && !field.isFallback(value);
}

/** A versioned struct with no API of its own: what travels inside the bytes of other messages. */
export interface Structure<Out, In = Out> {
  readonly name: string;
  /** The first and last version declared. */
  readonly versions: readonly [number, number];
  /** The first version with compact lengths and tagged fields; Infinity if none. */
  readonly flexibleFrom: number;
  readonly members: Shape;
  /**
   * Decodes the message that begins at byte `at`. Bytes after it are ignored, as Apache Kafka does.
   * `bytes` and `records` are views into `frame`. Throws WireError on malformed input, and Error if
   * `version` is not one of `versions`, which the caller has checked.
   */
  decode(frame: Buffer, at: number, version: number): Out;
  /** As decode, from where `reader` stands; leaves it after the message. */
  read(reader: Reader, version: number): Out;
  /**
   * Encodes the message as chunks in order; large Buffers of the value are chunks themselves, not
   * copies. A value that does not fit the version (null, out of range) is a bug and throws.
   */
  encode(version: number, value: In): Buffer[];
  /** As encode, but appends to `writer`. */
  write(writer: Writer, version: number, value: In): void;
}

/** A request or response of one API. */
export interface Message<Out, In = Out> extends Structure<Out, In> {
  readonly key: number;
}

/** What decoding yields: every field, those absent in the version with their default. */
export type Decoded<M> = M extends Structure<infer Out, infer _In> ? Out : never;
/** What encoding accepts: fields with a default, or not in every version, may be left out. */
export type Encodable<M> = M extends Structure<infer _Out, infer In> ? In : never;

export function structure<S extends Shape, V extends Versions>(
  name: string,
  versions: V,
  flexible: Versions | "none",
  members: S,
): Structure<StructOut<S>, StructIn<S, V>> {
  const [first, last] = versionRange(versions);
  const flexibleFrom = flexible === "none" ? Infinity : versionRange(flexible)[0];
  const compiled: Codec[] = [];
  const codecOf = (version: number): Codec => {
    const known = compiled[version];
    if (known !== undefined) return known;
    if (!(version >= first && version <= last)) throw new Error(`${name} has no v${version}`);
    return (compiled[version] = structCodec(members, version, version >= flexibleFrom));
  };
  // The one cast from run time to types: structCodec gives each member the value its field reads.
  const read = (reader: Reader, version: number): StructOut<S> =>
    codecOf(version).read(reader) as StructOut<S>;
  return {
    name,
    versions: [first, last],
    flexibleFrom,
    members,
    decode: (frame, at, version) => read(new Reader(frame, at), version),
    read,
    encode(version, value) {
      const writer = new Writer();
      codecOf(version).write(writer, value);
      return writer.finish();
    },
    write: (writer, version, value) => codecOf(version).write(writer, value),
  };
}

/** Declares the request or response of the API `key`. */
export function message<S extends Shape, V extends Versions>(
  name: string,
  key: number,
  versions: V,
  flexible: Versions | "none",
  members: S,
): Message<StructOut<S>, StructIn<S, V>> {
  return { key, ...structure(name, versions, flexible, members) };
}
