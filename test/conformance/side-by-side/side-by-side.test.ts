/** The same scripts on a real Apache Kafka and on the lab: every difference is known, with its reason. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "mocha";
import { skip } from "../../support/skip.ts";
import { type Difference, lines, sortOut } from "./compare.ts";
import { runScript } from "./run.ts";
import { SCRIPTS } from "./scripts/all.ts";
import { type Side, kafkaSide, labSide } from "./sides.ts";

const lib = process.env["KAFKA_SERVER"] ?? "";
const missing = process.env["KAFKA_SERVER_MISSING"] || "KAFKA_SERVER is not set";

describe("side by side with Apache Kafka 4.4.0", () => {
  let kafka: Side;
  let lab: Side;
  const all: Difference[] = [];

  before(async function () {
    if (lib === "") skip(this, missing);
    [kafka, lab] = await Promise.all([kafkaSide(lib), labSide()]);
  });
  after(() => Promise.all([kafka?.stop(), lab?.stop()]));

  for (const script of SCRIPTS) {
    it(script.name, async () => {
      const { differences } = await runScript(script, kafka, lab);
      all.push(...differences);
      const unknown = lines(sortOut(differences).unknown);
      if (unknown.length > 0) console.log(unknown.join("\n"));
      assert.equal(unknown.length, 0);
    });
  }
});
