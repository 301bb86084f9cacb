import { LabConnection } from "./client.ts";
import type { ResetCommand } from "./group-arguments.ts";
import type { Output } from "./output.ts";
import { table } from "./table.ts";

/** Moves a group's offsets in a topic, or shows what that would do, partition by partition. */
export async function runReset(
  command: ResetCommand,
  output: Output,
  remark: (text: string) => void,
): Promise<void> {
  const { group: groupId, topic, partition, target, dryRun } = command;
  const lab = await LabConnection.open(command.dataFolder);
  try {
    const { steps } = await lab.ask("groups/planReset", { groupId, topic, partition, target });
    if (!dryRun) await lab.ask("groups/reset", { groupId, steps });
    if (command.json) {
      for (const step of steps) await output.line(JSON.stringify(step));
    } else {
      const rows = steps.map(({ partition: index, from, to, clamped }) => [
        ...[topic, String(index), from?.toString() ?? "-"],
        clamped ? `${to} (nearest there is)` : String(to),
      ]);
      for (const line of table(["TOPIC", "PARTITION", "FROM", "TO"], rows)) await output.line(line);
    }
    remark(
      dryRun ? "nothing was changed (--dry-run)." : `group ${groupId} was reset and verified.`,
    );
  } finally {
    lab.close();
  }
}
