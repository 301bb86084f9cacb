import type { LabConnection } from "./client.ts";
import { table } from "./table.ts";
import type { TopicsAction } from "./topic-arguments.ts";
import { CommandError } from "./usage.ts";

type ActionOf<V extends TopicsAction["verb"]> = Extract<TopicsAction, { readonly verb: V }>;

/** Changes configurations, or says what is wrong with them. */
export async function changeConfigs(
  lab: LabConnection,
  { topic, changes, dryRun }: ActionOf<"config">,
  remark: (text: string) => void,
): Promise<void> {
  const { faults } = await lab.ask("topics/alterConfigs", {
    ...{ topic, changes, validateOnly: dryRun },
  });
  if (faults.length > 0) {
    throw new CommandError(`nothing was changed. ${faults.map((one) => one.message).join(" ")}`);
  }
  remark(dryRun ? "nothing was changed (--dry-run)." : `${topic} was configured.`);
}

/** Every configuration of a topic; in the table those that it sets itself are marked. */
export async function configLines(
  lab: LabConnection,
  topic: string,
  json: boolean,
): Promise<string[]> {
  const { configs } = await lab.ask("topics/configs", { topic });
  if (json) return configs.map((config) => JSON.stringify(config));
  const rows = configs.map(({ name, value, source }) => [name, value ?? "-", source]);
  return table(["NAME", "VALUE", "SOURCE"], rows);
}

/** Deletes records up to a target, or shows what that would do, partition by partition. */
export async function deleteRecords(
  lab: LabConnection,
  { topic, partition, target, dryRun }: ActionOf<"delete-records">,
  json: boolean,
  remark: (text: string) => void,
): Promise<string[]> {
  const { steps } = await lab.ask("topics/planDeleteRecords", { topic, partition, target });
  const changing = steps.filter(({ from, to }) => from < to);
  if (!dryRun) await lab.ask("topics/deleteRecords", { topic, steps: changing });
  const count = changing.reduce((sum, { from, to }) => sum + to - from, 0);
  remark(
    dryRun ? "nothing was deleted (--dry-run)." : `${count} message(s) of ${topic} were deleted.`,
  );
  if (json) return steps.map((step) => JSON.stringify({ topic, ...step }));
  const rows = steps.map((step) => [
    topic,
    ...[step.partition, step.from, step.to, step.to - step.from].map(String),
  ]);
  return table(["TOPIC", "PARTITION", "FROM", "TO", "MESSAGES"], rows);
}
