/** The same model as in broker-model.test.ts held against the real process, killed with SIGKILL, over the wire. */
import { describe, it } from "mocha";
import { ProcessLab } from "./model/process-lab.ts";
import { World } from "./model/world.ts";
import { Random, seedOfRun } from "./wire/random.ts";

/** KILLED_RUNS=200 makes it long: then each run also waits for the lab to compact its logs. */
const GIVEN = process.env["KILLED_RUNS"];
const RUNS = Number(GIVEN ?? 3);
const AT_ONCE = 6;
const LIVES = 4;
const MAX_STEPS = 40;
/** Requests of one step, the answers that the model looks at included. */
const REQUESTS_PER_STEP = 15;
const LINES_SHOWN = 20;

describe("the lab process, killed", function () {
  this.timeout(GIVEN === undefined ? 240_000 : 7_200_000);
  const first = seedOfRun();
  const figures = { lives: 0, killedAtWork: 0, compactions: 0, batches: 0, markers: 0 };

  async function live(world: World, lab: ProcessLab, random: Random): Promise<void> {
    lab.killAfter(1 + random.below(MAX_STEPS * REQUESTS_PER_STEP));
    for (let step = 0; step < MAX_STEPS; step++) {
      if (await world.step()) continue;
      figures.killedAtWork++;
      return;
    }
  }

  async function run(seed: number): Promise<void> {
    const random = new Random(seed);
    const lab = await ProcessLab.start(random);
    const world = new World(lab, random);
    try {
      for (let life = 0; life < LIVES; life++) {
        await live(world, lab, random);
        await world.restart(random.below(4) === 0 ? "stop" : "kill -9");
        figures.lives++;
        if (GIVEN === undefined || life !== 1) continue;
        if (await lab.compaction()) figures.compactions++;
        await world.verify();
      }
      for (const { entries } of world.histories) {
        figures.batches += entries.length;
        figures.markers += entries.filter(({ sent }) => sent === undefined).length;
      }
    } catch (error) {
      const last = lab.lines.slice(-LINES_SHOWN).join("\n");
      throw new Error(`SEED=${seed}\n${last}`, { cause: error });
    } finally {
      await lab.dispose();
    }
  }

  it(`has what it acknowledged after ${RUNS} random lives from SEED=${first}`, async () => {
    const seeds = Array.from({ length: RUNS }, (_, i) => first + i);
    const worker = async (): Promise<void> => {
      for (let seed = seeds.shift(); seed !== undefined; seed = seeds.shift()) await run(seed);
    };
    await Promise.all(Array.from({ length: Math.min(AT_ONCE, RUNS) }, worker));
    if (GIVEN !== undefined) console.log(JSON.stringify({ runs: RUNS, seed: first, ...figures }));
  });
});
