/**
 * Lines of JSON between the tests and a client program. The program answers every line that has an id
 * with the same id and `result` or `error`, in any order, and sends events of its members in between.
 * clients/confluent.py and clients/go speak the same.
 */
import type { Codec, Received, TestMessage } from "./client.ts";

export type Op =
  | { op: "start"; bootstrap: string }
  | { op: "createTopic"; topic: string; partitions: number }
  | { op: "deleteTopic"; topic: string }
  | { op: "produce"; topic: string; messages: JsonMessage[]; codec: Codec; idempotent: boolean }
  | { op: "offsetsAt"; topic: string; timestampMs: number }
  | { op: "join"; member: string; group: string; topic: string }
  | { op: "commit"; member: string; positions: [partition: number, offset: number][] };

/** Bytes are base64. */
export interface JsonMessage {
  readonly partition: number;
  readonly key: string | null;
  readonly value: string | null;
  readonly headers: readonly (readonly [string, string])[];
  readonly timestampMs: number;
}

export type Event =
  | { event: "assigned"; member: string; partitions: number[] }
  | { event: "message"; member: string; message: JsonMessage & { readonly offset: number } };

export type Line =
  | Event
  | { id: number; result: unknown }
  | { id: number; error: { code: number; message: string } };

export const toBase64 = (bytes: Buffer | null): string | null => bytes?.toString("base64") ?? null;
export const fromBase64 = (text: string | null): Buffer | null =>
  text === null ? null : Buffer.from(text, "base64");

export const toJson = (message: TestMessage): JsonMessage => ({
  ...message,
  key: toBase64(message.key),
  value: toBase64(message.value),
  headers: message.headers.map(([name, value]) => [name, value.toString("base64")]),
});

export const fromJson = (message: JsonMessage & { readonly offset: number }): Received => ({
  ...message,
  key: fromBase64(message.key),
  value: fromBase64(message.value),
  headers: message.headers.map(([name, value]) => [name, Buffer.from(value, "base64")]),
});
