import type { GroupDetails, GroupProgress } from "../api/model.ts";
import { LabConnection } from "./client.ts";
import type { GroupsCommand } from "./group-arguments.ts";
import type { Output } from "./output.ts";
import { table } from "./table.ts";

/** Lists consumer groups, shows how far one of them has come, or takes groups or their offsets away. */
export async function runGroups(
  { dataFolder, action, json }: GroupsCommand,
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
  action: GroupsCommand["action"],
  json: boolean,
  remark: (text: string) => void,
): Promise<readonly string[]> {
  switch (action.verb) {
    case "list":
      return listLines(lab, json);
    case "describe":
      return describeLines(lab, action.group, json);
    case "delete":
      await lab.ask("groups/delete", { names: action.groups });
      remark(`deleted ${action.groups.join(", ")}.`);
      return [];
    case "delete-offsets": {
      const { group: groupId, topic, partition } = action;
      const asked = { groupId, topic, partition };
      const { partitions } = await lab.ask("groups/deleteOffsets", asked);
      remark(`group ${groupId} forgot its offsets of ${topic}.`);
      if (json) return partitions.map((each) => JSON.stringify({ topic, partition: each }));
      return table(
        ["TOPIC", "PARTITION"],
        partitions.map((each) => [topic, String(each)]),
      );
    }
  }
}

async function listLines(lab: LabConnection, json: boolean): Promise<string[]> {
  const { groups } = await lab.ask("groups/list", {});
  const sorted = groups.toSorted((a, b) => (a.groupId < b.groupId ? -1 : 1));
  if (json) return sorted.map((group) => JSON.stringify(group));
  const rows = sorted.map(({ groupId, type, state, memberCount, lag }) => [
    ...[groupId, type, state, String(memberCount), lag?.toString() ?? "-"],
  ]);
  return table(["GROUP", "TYPE", "STATE", "MEMBERS", "LAG"], rows);
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
