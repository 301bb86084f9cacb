import type { PartitionSummary } from "../api/model.ts";
import type { TopicsCommand } from "./arguments.ts";
import { LabConnection } from "./client.ts";
import type { Output } from "./output.ts";
import { table } from "./table.ts";

/** Lists the topics, the broker's own left out. */
export async function runTopics(command: TopicsCommand, output: Output): Promise<void> {
  const lab = await LabConnection.open(command.dataFolder);
  try {
    const { topics } = await lab.ask("topics/list", { includeInternal: false });
    const sorted = topics.toSorted((a, b) => (a.name < b.name ? -1 : 1));
    if (command.json) {
      for (const topic of sorted) await output.line(JSON.stringify(topic));
      return;
    }
    const rows = sorted.map(({ name, partitions }) => [
      name,
      String(partitions.length),
      String(total(partitions, ({ startOffset, endOffset }) => endOffset - startOffset)),
      String(total(partitions, ({ sizeBytes }) => sizeBytes)),
    ]);
    for (const line of table(["TOPIC", "PARTITIONS", "MESSAGES", "BYTES"], rows)) {
      await output.line(line);
    }
  } finally {
    lab.close();
  }
}

function total(
  partitions: readonly PartitionSummary[],
  of: (partition: PartitionSummary) => number,
): number {
  return partitions.reduce((sum, partition) => sum + of(partition), 0);
}
