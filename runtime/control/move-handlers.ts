import { LabError } from "../api/errors.ts";
import { MOVE_ACTIONS, type MoveReport, type MoveRequests } from "../api/moves.ts";
import type { Handlers } from "../api/rpc.ts";
import type { Logger } from "../core/logger.ts";
import type { Moves } from "../messages/moves/moves.ts";
import type { Failure } from "../messages/outcome.ts";
import { Params } from "./params.ts";
import { readMove } from "./read-move.ts";

/** Answers what is asked about moves. */
export function createMoveHandlers(
  moves: Moves,
  logger: Logger,
): Handlers<{ requests: MoveRequests; events: object }> {
  return {
    "moves/run": async (params, signal) => {
      const given = new Params(params);
      const move = readMove(given.object("move"));
      const id = given.text("id");
      const keep = given.has("keep") && given.flag("keep");
      const until = keep ? new AbortController().signal : signal;
      const outcome = await moves.run(id, move, given.flag("dryRun"), until);
      if (keep) logger.info(`${move.kind} ${id} has ended: ${endOf(outcome)}`);
      return done(outcome);
    },
    "moves/list": () => ({ moves: moves.list }),
    "moves/progress": (params) => done(moves.progress(new Params(params).text("id"))),
    "moves/control": (params) => {
      const given = new Params(params);
      const named = given.text("action");
      const action = MOVE_ACTIONS.find((each) => each === named);
      if (action === undefined) return given.fail("action", MOVE_ACTIONS.join(", "));
      return done(moves.control(given.text("id"), action));
    },
  };
}

function endOf(outcome: MoveReport | Failure): string {
  if (isFailure(outcome)) return outcome.message;
  return `${outcome.outcome}, ${outcome.moved} message(s) moved`;
}

function done<T extends object>(outcome: T | Failure): T {
  if (isFailure(outcome)) throw new LabError(outcome.code, outcome.message);
  return outcome;
}

function isFailure(outcome: object): outcome is Failure {
  return "kind" in outcome && outcome.kind === "failed";
}
