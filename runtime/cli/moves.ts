import { LabConnection } from "./client.ts";
import type { MovesCommand } from "./move-arguments.ts";
import type { Output } from "./output.ts";
import { table } from "./table.ts";

/** Lists the moves that run, after something was done to one of them if that was asked for. */
export async function runMoves(command: MovesCommand, output: Output): Promise<void> {
  const lab = await LabConnection.open(command.dataFolder);
  try {
    if (command.change !== undefined) await lab.ask("moves/control", command.change);
    const { moves } = await lab.ask("moves/list", {});
    if (command.json) {
      for (const move of moves) await output.line(JSON.stringify(move));
      return;
    }
    const rows = moves.map(({ id, kind, state, phase, messages, part }) => [
      ...[id, kind, state, phase, String(messages), `${Math.floor(part * 100)} %`],
    ]);
    const head = ["MOVE", "KIND", "STATE", "PHASE", "MESSAGES", "DONE"];
    for (const line of table(head, rows)) await output.line(line);
  } finally {
    lab.close();
  }
}
