import type { PartitionSummary, TopicSummary } from "../api/model.ts";
import { LabConnection } from "./client.ts";
import type { Output } from "./output.ts";
import { table } from "./table.ts";
import type { TopicsCommand } from "./topic-arguments.ts";
import { changeConfigs, configLines, deleteRecords } from "./topic-changes.ts";

/** Lists, describes, creates, deletes and changes topics. */
export async function runTopics(
  { dataFolder, action, json }: TopicsCommand,
  output: Output,
  remark: (text: string) => void,
): Promise<void> {
  const lab = await LabConnection.open(dataFolder);
  try {
    for (const line of await act(lab, action, json, remark)) await output.line(line);
  } finally {
    lab.close();
  }
}

async function act(
  lab: LabConnection,
  action: TopicsCommand["action"],
  json: boolean,
  remark: (text: string) => void,
): Promise<readonly string[]> {
  switch (action.verb) {
    case "list": {
      const { topics } = await lab.ask("topics/list", { includeInternal: action.internal });
      return listLines(
        topics.toSorted((a, b) => (a.name < b.name ? -1 : 1)),
        json,
      );
    }
    case "describe":
      return describeLines(await lab.topics(action.topics), json);
    case "create": {
      const { topic: name, partitions, configs } = action;
      return listLines([await lab.ask("topics/create", { name, partitions, configs })], json);
    }
    case "delete": {
      await lab.ask("topics/delete", { names: action.topics });
      remark(`deleted ${action.topics.join(", ")}.`);
      return [];
    }
    case "empty": {
      await lab.ask("topics/empty", { names: action.topics });
      return listLines(await lab.topics(action.topics), json);
    }
    case "config":
      if (action.changes.length > 0) await changeConfigs(lab, action, remark);
      return configLines(lab, action.topic, json);
    case "add-partitions": {
      const { topic, total } = action;
      return listLines([await lab.ask("topics/addPartitions", { topic, total })], json);
    }
    case "delete-records":
      return deleteRecords(lab, action, json, remark);
  }
}

function listLines(topics: readonly TopicSummary[], json: boolean): string[] {
  if (json) return topics.map((topic) => JSON.stringify(topic));
  const rows = topics.map(({ name, partitions }) => [
    name,
    String(partitions.length),
    String(total(partitions, ({ startOffset, endOffset }) => endOffset - startOffset)),
    String(total(partitions, ({ sizeBytes }) => sizeBytes)),
  ]);
  return table(["TOPIC", "PARTITIONS", "MESSAGES", "BYTES"], rows);
}

function describeLines(topics: readonly TopicSummary[], json: boolean): string[] {
  if (json) return topics.map((topic) => JSON.stringify(topic));
  const rows = topics.flatMap(({ name, partitions }) =>
    partitions.map(({ partition, startOffset, endOffset, sizeBytes }) => [
      name,
      ...[partition, startOffset, endOffset, sizeBytes].map(String),
    ]),
  );
  return table(["TOPIC", "PARTITION", "START", "END", "BYTES"], rows);
}

function total(
  partitions: readonly PartitionSummary[],
  of: (partition: PartitionSummary) => number,
): number {
  return partitions.reduce((sum, partition) => sum + of(partition), 0);
}
