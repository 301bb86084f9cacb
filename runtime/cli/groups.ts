import type { GroupDetails, GroupProgress } from "../api/model.ts";
import { LabConnection } from "./client.ts";
import type { GroupsCommand } from "./group-arguments.ts";
import type { Output } from "./output.ts";
import { table } from "./table.ts";

/** Lists the consumer groups, or how far one of them has come. */
export async function runGroups(command: GroupsCommand, output: Output): Promise<void> {
  const lab = await LabConnection.open(command.dataFolder);
  try {
    const lines =
      command.group === undefined
        ? await listLines(lab, command.json)
        : await describeLines(lab, command.group, command.json);
    for (const line of lines) await output.line(line);
  } finally {
    lab.close();
  }
}

async function listLines(lab: LabConnection, json: boolean): Promise<string[]> {
  const { groups } = await lab.ask("groups/list", {});
  const sorted = groups.toSorted((a, b) => (a.groupId < b.groupId ? -1 : 1));
  if (json) return sorted.map((group) => JSON.stringify(group));
  const rows = sorted.map(({ groupId, type, state }) => [groupId, type, state]);
  return table(["GROUP", "TYPE", "STATE"], rows);
}

async function describeLines(
  lab: LabConnection,
  groupId: string,
  json: boolean,
): Promise<string[]> {
  const group = await lab.ask("groups/describe", { groupId });
  if (json) return [JSON.stringify(group)];
  const { state, type, epoch, assignor, members } = group;
  const strategy = assignor === "" ? "" : `, ${assignor}`;
  const head = `${groupId}: ${state}, ${type}, epoch ${epoch}${strategy}, ${members.length} member(s)`;
  const rows = group.progress.map((row) => progressCells(row, group));
  return [head, ...table(["TOPIC", "PARTITION", "COMMITTED", "END", "LAG", "MEMBER"], rows)];
}

function progressCells(row: GroupProgress, { members }: GroupDetails): string[] {
  const { topic, partition, committed, endOffset, lag } = row;
  const member = row.member === undefined ? undefined : members[row.member];
  const numbers = [partition, committed, endOffset, lag].map((each) => each?.toString() ?? "-");
  return [topic, ...numbers, member === undefined ? "-" : `${member.clientId}${member.clientHost}`];
}
