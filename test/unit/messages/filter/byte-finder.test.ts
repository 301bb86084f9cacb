import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { ByteFinder, FrequentByteFinder } from "../../../../runtime/messages/filter/byte-finder.ts";

describe("finding bytes", () => {
  let seed = 11;
  const next = (below: number): number => (seed = (seed * 48_271) % 2_147_483_647) % below;
  const bytes = (count: number): Buffer =>
    Buffer.from(Array.from({ length: count }, () => next(3)));

  for (const Finder of [ByteFinder, FrequentByteFinder]) {
    it(`finds every place, as indexOf does, whichever byte is rare (${Finder.name})`, () => {
      for (let round = 0; round < 300; round++) {
        const wanted = bytes(1 + next(5));
        const finder = new Finder(wanted);
        // What is rare in the first bytes need not be in the others.
        for (const where of [bytes(20), bytes(200), bytes(0)]) {
          for (let at = 0; at <= where.length; at++) {
            assert.equal(finder.next(where, at), indexOf(where, wanted, at), `round ${round}`);
          }
        }
      }
    });
  }

  const indexOf = (where: Buffer, wanted: Buffer, from: number): number =>
    from + wanted.length > where.length ? -1 : where.indexOf(wanted, from);
});
