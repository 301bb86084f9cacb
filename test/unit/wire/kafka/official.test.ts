import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "mocha";
import { hasVersion, versionRange } from "../../../../runtime/wire/kafka/field.ts";
import type { AnyField, Shape, Versions } from "../../../../runtime/wire/kafka/field.ts";
import { messages, structures } from "./registry.ts";

/**
 * Compares every declaration with Kafka's own definitions. They are `common/message/*.json` inside the
 * kafka-clients jar (4.4.0 for the versions declared here); KAFKA_MESSAGES names the unpacked folder.
 */
const folder = process.env["KAFKA_MESSAGES"] || undefined;

interface OfficialField {
  readonly name: string;
  readonly type: string;
  readonly versions: Versions;
  readonly nullableVersions?: Versions;
  readonly taggedVersions?: Versions;
  readonly tag?: number;
  readonly default?: unknown;
  readonly fields?: readonly OfficialField[];
}
interface OfficialMessage {
  readonly apiKey?: number;
  readonly validVersions: Versions;
  readonly flexibleVersions: Versions | "none";
  readonly fields: readonly OfficialField[];
  readonly commonStructs?: readonly (OfficialField & { readonly name: string })[];
}

function load(name: string): OfficialMessage {
  const text = readFileSync(join(folder ?? "", `${name}.json`), "utf8");
  const parsed: OfficialMessage = JSON.parse(text.replaceAll(/^\s*\/\/.*$/gm, ""));
  return parsed;
}

/** The name as generated code and this project spell it: only the first letter changes. */
const camelCase = (name: string) => name.charAt(0).toLowerCase() + name.slice(1);

function typeOf(field: AnyField): string {
  if (field.kind === "array") return `[]${typeOf(field.element ?? field)}`;
  return field.kind;
}

/** What a default means, whether the definition writes "-1", -1, "0x7fffffff", "null" or nothing. */
function normalDefault(field: OfficialField): unknown {
  const { default: declared, type } = field;
  if (declared === "null") return null;
  if (declared === undefined || declared === "") {
    if (type === "bool") return false;
    return /^u?int/.test(type) ? 0 : undefined;
  }
  if (type === "bool") return declared === true || declared === "true";
  if (!/^u?int/.test(type)) return declared;
  const value = Number(declared);
  return Math.min(value, Number.MAX_SAFE_INTEGER);
}

function ownDefault(field: AnyField): unknown {
  const value = field.fallback();
  if (value === null || field.options.default !== undefined)
    return value === "" ? undefined : value;
  return typeof value === "number" || typeof value === "boolean" ? value : undefined;
}

/** The versions of `range` in which `of` holds: ranges that differ outside the message's are equal. */
function within(range: readonly [number, number], of: Versions | undefined): number[] {
  const versions = Array.from({ length: range[1] - range[0] + 1 }, (_, i) => range[0] + i);
  return versions.filter((version) => hasVersion(of, version));
}

function compare(
  path: string,
  range: readonly [number, number],
  members: Shape,
  official: readonly OfficialField[],
  structs: ReadonlyMap<string, readonly OfficialField[]>,
): void {
  const expected = official.filter((field) => within(range, field.versions).length > 0);
  assert.deepEqual(
    Object.keys(members),
    expected.map(({ name }) => camelCase(name)),
    path,
  );
  for (const theirs of expected) {
    const name = `${path}.${camelCase(theirs.name)}`;
    const ours = members[camelCase(theirs.name)];
    assert.ok(ours, name);
    const element = theirs.type.replace(/^\[\]/, "");
    const nested = theirs.fields ?? structs.get(element);
    const prefix = theirs.type.startsWith("[]") ? "[]" : "";
    assert.equal(
      typeOf(ours),
      prefix + (nested === undefined ? element : "struct"),
      `${name} type`,
    );
    assert.deepEqual(
      within(range, ours.versions),
      within(range, theirs.versions),
      `${name} versions`,
    );
    const nullable = within(range, theirs.nullableVersions);
    assert.deepEqual(within(range, ours.options.nullable), nullable, `${name} nullable`);
    assert.equal(ours.options.tag, theirs.tag, `${name} tag`);
    if (theirs.tag !== undefined) assert.equal(theirs.taggedVersions, theirs.versions, name);
    assert.deepEqual(ownDefault(ours), normalDefault(theirs), `${name} default`);
    const inner = ours.members ?? ours.element?.members;
    if (nested === undefined || inner === undefined) continue;
    const present = within(range, theirs.versions);
    compare(name, [present[0] ?? 0, present.at(-1) ?? 0], inner, nested, structs);
  }
}

const missing = process.env["KAFKA_MESSAGES_MISSING"] || "KAFKA_MESSAGES is not set";
const reason = folder === undefined ? ` (skipped: ${missing})` : "";

describe(`wire/kafka declarations against Kafka's definitions${reason}`, () => {
  for (const message of [...messages, ...structures]) {
    it(message.name, function () {
      if (folder === undefined) this.skip();
      const official = load(message.name);
      const key = "key" in message ? message.key : undefined;
      assert.equal(official.apiKey, key);
      const [first, last] = versionRange(official.validVersions);
      assert.equal(message.versions[0], first);
      assert.ok(message.versions[1] <= last);
      const flexible = official.flexibleVersions;
      const flexibleFrom = flexible === "none" ? Infinity : versionRange(flexible)[0];
      assert.equal(message.flexibleFrom, flexibleFrom);
      const structs = new Map(
        (official.commonStructs ?? []).map(({ name, fields }) => [name, fields ?? []]),
      );
      compare(message.name, message.versions, message.members, official.fields, structs);
    });
  }
});
