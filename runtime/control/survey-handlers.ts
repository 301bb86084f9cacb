import { LabError } from "../api/errors.ts";
import { MAX_PAGE_MESSAGES, PAGE_FIELD_BYTES } from "../api/lab.ts";
import type { Handlers } from "../api/rpc.ts";
import {
  LATEST_KEY_BYTES,
  MAX_BUCKETS,
  MAX_HISTOGRAM_COUNTS,
  type SurveyRequests,
} from "../api/survey.ts";
import { countMessages } from "../messages/survey/count.ts";
import { histogram } from "../messages/survey/histogram.ts";
import { latestPerKey } from "../messages/survey/latest.ts";
import type { Range, SurveyDeps } from "../messages/survey/range.ts";
import { encodeInTurns } from "./encode-page.ts";
import { Params } from "./params.ts";
import { readFilter } from "./read-filter.ts";
import { readFrom } from "./read-from.ts";
import { readTimes } from "./read-times.ts";

const MAX_INDEX = 2 ** 31 - 1;

interface Deps extends SurveyDeps {
  readonly giveWay: () => Promise<void>;
}

/** Answers what is asked about messages as a whole. */
export function createSurveyHandlers(
  deps: Deps,
): Handlers<{ requests: SurveyRequests; events: object }> {
  return {
    "messages/count": async (params, signal) => {
      const given = new Params(params);
      const request = { ...readRange(given), times: readTimes(given) };
      const answer = await countMessages(deps, request, signal);
      if (answer.kind === "failed") throw new LabError(answer.code, answer.message);
      const { kind, ...result } = answer;
      return result;
    },
    "messages/histogram": async (params, signal) => {
      const given = new Params(params);
      const request = {
        ...readRange(given),
        ...{ times: readTimes(given), by: readBy(given) },
        buckets: given.integer("buckets", 1, MAX_BUCKETS),
        exact: given.has("exact") && given.flag("exact"),
        maxCounts: MAX_HISTOGRAM_COUNTS,
      };
      const answer = await histogram(deps, request, signal);
      if (answer.kind === "failed") throw new LabError(answer.code, answer.message);
      const { kind, ...result } = answer;
      return result;
    },
    "messages/latestPerKey": async (params, signal) => {
      const given = new Params(params);
      const request = {
        ...readRange(given),
        limit: given.integer("limit", 1, MAX_PAGE_MESSAGES),
        field: { keyBytes: LATEST_KEY_BYTES, valueBytes: PAGE_FIELD_BYTES },
      };
      const answer = await latestPerKey(deps, request, signal);
      if (answer.kind === "failed") throw new LabError(answer.code, answer.message);
      const { kind, messages, ...rest } = answer;
      const page = await encodeInTurns(messages, deps.giveWay);
      return { page, count: messages.length, ...rest };
    },
  };
}

function readRange(given: Params): Range {
  return {
    topic: given.text("topic"),
    partition: given.optionalInteger("partition", 0, MAX_INDEX),
    from: readFrom(given.object("from")),
    to: given.has("to") ? readFrom(given.object("to")) : undefined,
    filter: given.has("filter") ? readFilter(given.object("filter")) : undefined,
  };
}

function readBy(given: Params): "topic" | "partition" {
  const by = given.text("by");
  return by === "topic" || by === "partition" ? by : given.fail("by", "topic or partition");
}
