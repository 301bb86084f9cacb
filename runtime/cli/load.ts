import { randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import type { Load, LoadProgress, LoadReport } from "../api/load.ts";
import { createWhenMissing } from "../api/send-messages.ts";
import { LabConnection } from "./client.ts";
import { untilDone } from "./long-request.ts";
import type { LoadCommand } from "./message-arguments.ts";
import type { MoveTerminal } from "./move.ts";
import type { Output } from "./output.ts";
import { CommandError } from "./usage.ts";

/** What a dry run prints when it is not told how many. */
const DEFAULT_PREVIEW = 10;

export type LoadTerminal = Omit<MoveTerminal, "ask">;

/** Produces messages made of a template to the end, or until Ctrl+C, which stops the load in order. */
export async function runLoad(
  command: LoadCommand,
  output: Output,
  terminal: LoadTerminal,
): Promise<void> {
  const { topic, seed, count, durationMs, rate } = command;
  const template = await readTemplate(command.templateFile);
  const lab = await LabConnection.open(command.dataFolder);
  try {
    if (command.dryRun) {
      const asked = { template, seed, count: count ?? DEFAULT_PREVIEW };
      for (const line of (await lab.ask("template/preview", asked)).lines) await output.line(line);
      return;
    }
    const created = await createWhenMissing(lab.ask, topic);
    if (created !== undefined) terminal.remark(`topic ${topic} was not there; created it.`);
    const load = { topic, template, seed, count, durationMs, rate };
    const report = await run(lab, load, terminal);
    await output.line(command.json ? JSON.stringify(report) : describe(topic, report));
    if (report.outcome !== "done") {
      throw new CommandError(`the load has ${report.outcome}. ${report.lastError ?? ""}`.trim());
    }
  } finally {
    lab.close();
  }
}

async function readTemplate(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new CommandError(`cannot read ${file}: ${reason}.`);
  }
}

function run(lab: LabConnection, load: Load, terminal: LoadTerminal): Promise<LoadReport> {
  const id = randomUUID();
  return untilDone(
    {
      run: () => lab.wait("load/run", { id, load }),
      stop: () => lab.ask("load/stop", { id }),
      progress: async () => progressLine(await lab.ask("load/progress", { id })),
    },
    terminal,
  );
}

function progressLine({ sent, count, rate, errors }: LoadProgress): string {
  const of = count === undefined ? "" : ` of ${count}`;
  const failed = errors === 0 ? "" : `, ${errors} not taken`;
  return `${sent}${of} messages, ${Math.round(rate)}/s${failed}`;
}

function describe(topic: string, report: LoadReport): string {
  const { sent, elapsedMs, rate, errors, behindMs } = report;
  const seconds = (elapsedMs / 1_000).toFixed(1);
  const parts = [`${sent} messages placed in ${topic} in ${seconds} s, ${rate.toFixed(1)}/s`];
  if (errors > 0) parts.push(`${errors} not taken`);
  if (behindMs > 0) parts.push(`${(behindMs / 1_000).toFixed(1)} s behind its rate`);
  return parts.join(", ");
}
