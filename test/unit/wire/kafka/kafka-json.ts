import { hasVersion } from "../../../../runtime/wire/kafka/field.ts";
import type { AnyField, Shape } from "../../../../runtime/wire/kafka/field.ts";

type Values = Readonly<Record<string, unknown>>;

function isValues(value: unknown): value is Values {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Maps a value to the JSON of Kafka's generated converters: bytes as base64, only fields of the version. */
export function toKafkaJson(members: Shape, version: number, value: Values): Values {
  return Object.fromEntries(
    Object.entries(members)
      .filter(([, field]) => hasVersion(field.versions, version))
      .map(([name, field]) => [name, toJson(field, version, value[name])]),
  );
}

function toJson(field: AnyField, version: number, value: unknown): unknown {
  if (Buffer.isBuffer(value)) return value.toString("base64");
  const { element, members } = field;
  if (Array.isArray(value) && element) return value.map((item) => toJson(element, version, item));
  return members !== undefined && isValues(value) ? toKafkaJson(members, version, value) : value;
}

/** The way back; fields that the version does not have get their default, as in decoding. */
export function fromKafkaJson(members: Shape, version: number, json: Values): Values {
  return Object.fromEntries(
    Object.entries(members).map(([name, field]) => [
      name,
      hasVersion(field.versions, version) ? fromJson(field, version, json[name]) : field.fallback(),
    ]),
  );
}

function fromJson(field: AnyField, version: number, json: unknown): unknown {
  const { element, kind, members } = field;
  if (typeof json === "string" && (kind === "bytes" || kind === "records")) {
    return Buffer.from(json, "base64");
  }
  if (Array.isArray(json) && element) return json.map((item) => fromJson(element, version, item));
  return members !== undefined && isValues(json) ? fromKafkaJson(members, version, json) : json;
}
