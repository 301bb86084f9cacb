/** Random lives of a whole broker, with every fault of a disk, held against a model. */
import { describe, it } from "mocha";
import { RETENTION_INTERVAL_MS } from "../../runtime/log/log-manager.ts";
import { checkRetained } from "./model/check.ts";
import type { Ending } from "./model/lab.ts";
import { MemoryLab } from "./model/memory-lab.ts";
import { World } from "./model/world.ts";
import { Random, seedOfRun } from "./wire/random.ts";

const RUNS = Number(process.env["RUNS"] ?? 200);
/** The same lives each time, unless SEED or RUNS asks for others: then what fails is new. */
const USUAL_SEED = 1_000;
const LIVES = 4;
const MAX_STEPS = 40;
/** Of what the lab logged, with the report of a failure. */
const LINES_SHOWN = 20;
/** How often a lab ends how, beside the times when it dies in the middle of something. */
const ENDINGS: readonly (readonly [name: string, endings: readonly Ending[]])[] = [
  ["kill -9 and stops", ["kill -9", "kill -9", "kill -9", "stop"]],
  ["power cuts and kill -9", ["power cut", "power cut", "kill -9"]],
];

describe("broker on a disk that lies", function () {
  this.timeout(Math.max(240_000, RUNS * 4_000));
  const asked = process.env["SEED"] ?? process.env["RUNS"];
  const first = asked === undefined ? USUAL_SEED : seedOfRun();

  function worldOf(lab: MemoryLab, random: Random): World {
    /** A second at a time: what has come is seen before it may be deleted. */
    const advance = async (seconds: number): Promise<void> => {
      for (let left = seconds; left > 0; left--) {
        const wasFaulty = lab.isFaulty;
        const ends = new Map(world.histories.map((history) => [history, history.endOffset]));
        await lab.advance(1_000);
        if (world.isBusy || wasFaulty) await world.observe(!wasFaulty);
        if (wasFaulty || lab.ageMs % RETENTION_INTERVAL_MS !== 0) continue;
        for (const history of world.histories) {
          if (ends.get(history) === history.endOffset) checkRetained(lab, history);
        }
      }
    };
    const world: World = new World(lab, random, [
      { weight: 4, act: () => advance(1 + random.below(16)) },
      { weight: 1, act: () => advance(1 + RETENTION_INTERVAL_MS / 1_000) },
      { weight: 1, act: () => lab.sync() },
      { weight: 1, act: async () => lab.fillDisk(random.below(800)) },
      { weight: 1, act: async () => lab.refuseWrites() },
      { weight: 2, act: async () => lab.failAfter(1 + random.below(6)) },
      { weight: 8, act: async () => lab.heal() },
    ]);
    return world;
  }

  async function live(world: World, lab: MemoryLab, random: Random): Promise<void> {
    const doomedAt = random.below(MAX_STEPS);
    for (let step = 0; step < MAX_STEPS; step++) {
      if (step === doomedAt) lab.crashAfter(1 + random.below(20));
      if (!(await world.step())) return;
    }
  }

  for (const [name, endings] of ENDINGS) {
    it(`is what it should be after ${RUNS} random lives with ${name} from SEED=${first}`, async () => {
      for (let seed = first; seed < first + RUNS; seed++) {
        const random = new Random(seed);
        const lab = await MemoryLab.start(random);
        const world = worldOf(lab, random);
        try {
          for (let life = 0; life < LIVES; life++) {
            await live(world, lab, random);
            await world.restart(random.pick(endings));
          }
          await lab.dispose();
        } catch (error) {
          const last = lab.lines.slice(-LINES_SHOWN).join("\n");
          throw new Error(`SEED=${seed}\n${last}`, { cause: error });
        }
      }
    });
  }
});
