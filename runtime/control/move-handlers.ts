import { LabError } from "../api/errors.ts";
import { MOVE_ACTIONS, type MoveRequests } from "../api/moves.ts";
import type { Handlers } from "../api/rpc.ts";
import type { Moves } from "../messages/moves/moves.ts";
import type { Failure } from "../messages/outcome.ts";
import { Params } from "./params.ts";
import { readMove } from "./read-move.ts";

/** Answers what is asked about moves. */
export function createMoveHandlers(
  moves: Moves,
): Handlers<{ requests: MoveRequests; events: object }> {
  return {
    "moves/run": async (params, signal) => {
      const given = new Params(params);
      const move = readMove(given.object("move"));
      return done(await moves.run(given.text("id"), move, given.flag("dryRun"), signal));
    },
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

function done<T extends object>(outcome: T | Failure): T {
  if (isFailure(outcome)) throw new LabError(outcome.code, outcome.message);
  return outcome;
}

function isFailure(outcome: object): outcome is Failure {
  return "kind" in outcome && outcome.kind === "failed";
}
