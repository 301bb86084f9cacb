import type { BrokersCommand } from "./arguments.ts";
import { LabConnection } from "./client.ts";
import type { Output } from "./output.ts";
import { table } from "./table.ts";

/** Lists the brokers of the running lab, after one of them was stopped or started if that was asked for. */
export async function runBrokers(command: BrokersCommand, output: Output): Promise<void> {
  const lab = await LabConnection.open(command.dataFolder);
  try {
    const { change } = command;
    const { brokers } =
      change === undefined
        ? await lab.ask("brokers/list", {})
        : await lab.ask(`brokers/${change.verb}`, { id: change.id });
    if (command.json) {
      for (const broker of brokers) await output.line(JSON.stringify(broker));
      return;
    }
    const rows = brokers.map(({ id, up, leads, listeners }) => [
      String(id),
      up ? "up" : "down",
      String(leads),
      listeners.map(({ bootstrap }) => bootstrap).join(",") || "-",
    ]);
    for (const line of table(["BROKER", "STATE", "LEADS", "LISTENERS"], rows)) {
      await output.line(line);
    }
  } finally {
    lab.close();
  }
}
