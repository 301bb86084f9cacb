import { LabError } from "../api/errors.ts";
import {
  type Load,
  type LoadRequests,
  MAX_LOAD_DURATION_MS,
  MAX_LOAD_MESSAGES,
  MAX_LOAD_RATE,
  MAX_PREVIEW_MESSAGES,
  MAX_TEMPLATE_LENGTH,
} from "../api/load.ts";
import { MAX_SEED } from "../api/produce-settings.ts";
import type { Handlers } from "../api/rpc.ts";
import type { Loads } from "../messages/load/loads.ts";
import type { Failure } from "../messages/outcome.ts";
import { previewTemplate } from "../messages/template/preview.ts";
import { Params } from "./params.ts";

/** Answers what is asked about templates and loads. */
export function createLoadHandlers(
  loads: Loads,
): Handlers<{ requests: LoadRequests; events: object }> {
  return {
    "template/preview": async (params) => {
      const given = new Params(params);
      const seed = given.optionalInteger("seed", 0, MAX_SEED);
      const count = given.integer("count", 1, MAX_PREVIEW_MESSAGES);
      const text = given.text("template", MAX_TEMPLATE_LENGTH);
      const { lines } = done(await previewTemplate(text, seed, count));
      return { lines };
    },
    "load/run": async (params, signal) => {
      const given = new Params(params);
      return done(await loads.run(given.text("id"), readLoad(given.object("load")), signal));
    },
    "load/progress": (params) => done(loads.progress(new Params(params).text("id"))),
    "load/stop": (params) => done(loads.stop(new Params(params).text("id"))),
  };
}

function readLoad(load: Params): Load {
  const rate = load.optionalNumber("rate", MAX_LOAD_RATE);
  return {
    topic: load.text("topic"),
    template: load.text("template", MAX_TEMPLATE_LENGTH),
    seed: load.optionalInteger("seed", 0, MAX_SEED),
    count: load.optionalInteger("count", 1, MAX_LOAD_MESSAGES),
    durationMs: load.optionalInteger("durationMs", 1, MAX_LOAD_DURATION_MS),
    rate,
  };
}

function done<T extends object>(outcome: T | Failure): T {
  if (isFailure(outcome)) throw new LabError(outcome.code, outcome.message);
  return outcome;
}

function isFailure(outcome: object): outcome is Failure {
  return "kind" in outcome && outcome.kind === "failed";
}
