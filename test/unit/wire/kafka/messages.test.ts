import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { WireError } from "../../../../runtime/wire/kafka/wire-error.ts";
import type { Structure } from "../../../../runtime/wire/kafka/schema.ts";
import { messages, structures } from "./registry.ts";
import { seeded, ValueMaker } from "./values.ts";

const all: readonly Structure<unknown>[] = [...messages, ...structures];
const rounds = 4;

function versionsOf({ versions: [first, last] }: Structure<unknown>): number[] {
  return Array.from({ length: last - first + 1 }, (_, i) => first + i);
}

/** Calls `check` with arbitrary values of every message at every version. */
function forEachCase(
  perVersion: number,
  check: (form: Structure<unknown>, version: number, value: unknown, frame: Buffer) => void,
): void {
  all.forEach((form, index) => {
    for (const version of versionsOf(form)) {
      const maker = new ValueMaker(index * 1_000 + version);
      for (let i = 0; i < perVersion; i++) {
        const value = maker.members(form.members, version);
        check(form, version, value, Buffer.concat(form.encode(version, value)));
      }
    }
  });
}

describe("wire/kafka messages", () => {
  it("decode what they encoded, at every version", () => {
    forEachCase(rounds, (form, version, value, frame) => {
      assert.deepEqual(form.decode(frame, 0, version), value, `${form.name} v${version}`);
    });
  });

  it("decode from a position and ignore the bytes that follow", () => {
    forEachCase(1, (form, version, value, frame) => {
      const embedded = Buffer.concat([Buffer.from("abc"), frame, Buffer.from("defg")]);
      assert.deepEqual(form.decode(embedded, 3, version), value, `${form.name} v${version}`);
    });
  });

  it("refuse a message cut short at any byte with a WireError", () => {
    forEachCase(1, (form, version, _value, frame) => {
      const step = frame.length > 200 ? 41 : 1;
      for (let length = 0; length < frame.length; length += step) {
        const cut = frame.subarray(0, length);
        assert.throws(() => form.decode(cut, 0, version), WireError, `${form.name} v${version}`);
      }
    });
  });

  it("answer damaged bytes with a value or a WireError and nothing else", () => {
    const random = seeded(7);
    forEachCase(rounds, (form, version, _value, frame) => {
      if (frame.length === 0) return;
      const damaged = Buffer.from(frame);
      for (let i = 0; i < 3; i++) {
        damaged[Math.floor(random() * damaged.length)] = Math.floor(random() * 256);
      }
      try {
        form.decode(damaged, 0, version);
      } catch (error) {
        assert.ok(error instanceof WireError, `${form.name} v${version}: ${String(error)}`);
      }
    });
  });

  it("encode nothing but defaults from an empty value", () => {
    for (const form of all) {
      for (const version of versionsOf(form)) {
        const frame = Buffer.concat(form.encode(version, {}));
        const defaults = Object.entries(form.members).map(([name, field]) => [
          name,
          field.fallback(),
        ]);
        assert.deepEqual(form.decode(frame, 0, version), Object.fromEntries(defaults), form.name);
      }
    }
  });

  it("refuse versions that are not declared", () => {
    for (const form of all) {
      const [first, last] = form.versions;
      assert.throws(() => form.encode(last + 1, {}), /has no v/);
      assert.throws(() => form.decode(Buffer.alloc(100), 0, first - 1), /has no v/);
    }
  });

  it("come as pairs of request and response that agree in key, versions and flexibility", () => {
    for (let i = 0; i < messages.length; i += 2) {
      const [request, response] = [messages[i], messages[i + 1]];
      assert.ok(request !== undefined && response !== undefined);
      assert.equal(request.name.replace(/Request$/, "Response"), response.name);
      assert.equal(request.key, response.key);
      assert.deepEqual(request.versions, response.versions);
      assert.equal(request.flexibleFrom, response.flexibleFrom);
    }
  });
});
