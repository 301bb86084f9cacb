import type { Reader } from "./reader.ts";
import type { Writer } from "./writer.ts";

/** A version range as Kafka's message definitions write it: "3+", "0-7" or "5". */
export type Versions = `${number}+` | `${number}-${number}` | `${number}`;

export interface Options<D> {
  /** The versions in which null is allowed. */
  readonly nullable?: Versions;
  /** The tag of a tagged field (KIP-482): it is written only when it differs from its default. */
  readonly tag?: number;
  /** The value of a field that is absent. Without it: 0, false, "", no bytes, no elements. */
  readonly default?: D;
}

/** Reads and writes one value of one version. Values that fail to write are a bug of the caller. */
export interface Codec {
  /** The fewest bytes a value can take: what a claimed element count is checked against. */
  readonly minBytes: number;
  read(reader: Reader): unknown;
  write(writer: Writer, value: unknown): void;
}

/** What is known of a field at run time. */
export interface AnyField {
  readonly kind: string;
  readonly versions: Versions;
  readonly options: Options<unknown>;
  /** The element of an array. */
  readonly element?: AnyField;
  /** The members of a struct. */
  readonly members?: Shape;
  /** The value of this field where it is absent; a fresh one each time if it can be changed. */
  fallback(): unknown;
  isFallback(value: unknown): boolean;
  codec(version: number, flexible: boolean): Codec;
}

export type Shape = { readonly [name: string]: AnyField };

/**
 * A field as declared. The types exist only for the checker: Out is what decoding yields, In what
 * encoding accepts, V the versions of the field, and Defaulted whether it has a declared default.
 */
export interface Field<Out, In, V extends Versions, Defaulted extends boolean> extends AnyField {
  readonly versions: V;
  readonly types?: { readonly out: Out; readonly in: In; readonly defaulted: Defaulted };
}

export type Nullable<T, O> = O extends { readonly nullable: Versions } ? T | null : T;
export type IsDefaulted<O> = O extends { readonly default: unknown } | { readonly tag: number }
  ? true
  : false;

type Out<F> = F extends Field<infer T, infer _In, infer _V, infer _D> ? T : never;
type In<F> = F extends Field<infer _Out, infer T, infer _V, infer _D> ? T : never;
/** Fields without a default that exist whenever their struct (of the versions V) does. */
type RequiredKeys<S extends Shape, V extends Versions> = {
  [K in keyof S]: S[K] extends Field<infer _Out, infer _In, "0+" | V, false> ? K : never;
}[keyof S];
type Flat<T> = { [K in keyof T]: T[K] };

/** What decoding a struct yields: every field, absent ones with their default. */
export type StructOut<S extends Shape> = { -readonly [K in keyof S]: Out<S[K]> };
/**
 * What encoding a struct accepts. Fields with a default, tagged fields and fields that not every
 * version has may be left out and are sent as their default; fields of other versions are ignored.
 */
export type StructIn<S extends Shape, V extends Versions> = Flat<
  { readonly [K in RequiredKeys<S, V>]: In<S[K]> } & {
    readonly [K in Exclude<keyof S, RequiredKeys<S, V>>]?: In<S[K]> | undefined;
  }
>;

/** The first and last version of a range; an open range ends at Infinity. */
export function versionRange(versions: Versions): readonly [number, number] {
  if (versions.endsWith("+")) return [Number(versions.slice(0, -1)), Infinity];
  const [first, last = first] = versions.split("-").map(Number);
  if (first === undefined || last === undefined) throw new Error(`bad version range ${versions}`);
  return [first, last];
}

export function hasVersion(versions: Versions | undefined, version: number): boolean {
  if (versions === undefined) return false;
  const [first, last] = versionRange(versions);
  return version >= first && version <= last;
}
