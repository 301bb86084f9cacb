import { describe, it } from "mocha";
import { ModelledLog } from "./log/model.ts";
import { Random, seedOfRun } from "./wire/random.ts";

const RUNS = 100;
const LIVES = 4;
const MAX_STEPS = 60;

describe("log on a disk that lies", function () {
  this.timeout(30_000);
  const first = seedOfRun();

  async function live(log: ModelledLog, random: Random): Promise<void> {
    const doomedAt = random.below(MAX_STEPS);
    for (let step = 0; step < MAX_STEPS; step++) {
      if (step === doomedAt) log.crashSoon();
      if (!(await log.step())) return;
    }
  }

  const crashes = [
    ["kill -9", (log: ModelledLog) => log.recoverFromKill()],
    ["a power cut", (log: ModelledLog) => log.recoverFromPowerCut()],
  ] as const;
  for (const [name, recover] of crashes) {
    it(`is what it should be after ${name}, ${RUNS} runs from SEED=${first}`, async () => {
      for (let seed = first; seed < first + RUNS; seed++) {
        const random = new Random(seed);
        const log = new ModelledLog(random);
        try {
          for (let life = 0; life < LIVES; life++) {
            await live(log, random);
            recover(log);
          }
        } catch (error) {
          throw new Error(`SEED=${seed}`, { cause: error });
        }
      }
    });
  }
});
