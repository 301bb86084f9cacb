import { exactTextOf } from "../api/bytes.ts";
import type { FieldBytes } from "../api/model.ts";
import { table } from "./table.ts";
import type { Move, MoveProgress, MoveReport } from "../api/moves.ts";

/** Longest key or value of the first message, in characters. */
const MAX_SHOWN = 60;

export function progressLine({ phase, messages, part }: MoveProgress): string {
  const verb = phase === "check" ? "checked" : "moved";
  return `${messages} messages ${verb}, ${Math.floor(part * 100)} %`;
}

/** Bytes of the first message are left out: they are for people, and `peek` gives them exactly. */
export function reportJson({ first, ...report }: MoveReport): string {
  const place = first &&
    first.offset >= 0 && {
      ...{ partition: first.partition, offset: first.offset, timestampMs: first.timestampMs },
    };
  return JSON.stringify(place ? { ...report, first: place } : report);
}

/** What a move has done, or would do, in one line. */
export function describeMove(move: Move, report: MoveReport, dryRun: boolean): string {
  const { skipped, sizeBytes } = report;
  const would = dryRun ? "would be " : "";
  const moved = messages(report.moved);
  const made = report.targets.some(({ exists }) => !exists) ? " (a new topic)" : "";
  switch (move.kind) {
    case "export": {
      const size = dryRun ? "" : `, ${sizeBytes} bytes`;
      const rest = skipped === 0 ? "" : `; ${skipped} without a value left out`;
      return `${moved} of ${move.source.topic} ${would}written to ${move.path}${size}${rest}`;
    }
    case "import": {
      const rest = skipped === 0 ? "" : `; the first ${skipped} left out`;
      return `${moved} ${would}placed in ${move.topic}${made}${rest}`;
    }
    case "copy":
      return `${moved} of ${move.topic} ${would}copied to ${move.target}${dryRun ? "" : ", read again and compared"}`;
    case "redrive": {
      const rest = skipped === 0 ? "" : `; ${skipped} were sent before`;
      return `${moved} of ${move.source.topic} ${would}sent to where they came from${rest}`;
    }
    case "replay": {
      const rest = skipped === 0 ? "" : `; ${skipped} left out whose value came to NULL`;
      return `${moved} of ${move.source.topic} ${would}placed in ${move.topic}${made}${rest}`;
    }
  }
}

/** A row for each topic that dead letters come from, and for each problem with them. */
export function targetTable({ targets }: MoveReport): string[] {
  const rows = targets.map(({ topic, count, exists, problem }) => [
    topic ?? "-",
    String(count),
    exists ? "yes" : "no",
    problem ?? "-",
  ]);
  return rows.length === 0 ? [] : table(["TARGET", "MESSAGES", "EXISTS", "PROBLEM"], rows);
}

/** What would be moved to where, before a person is asked. */
export function describePreview(move: Move, report: MoveReport, bootstrap: string): string[] {
  const { first, lastsMs } = report;
  const rows = move.kind === "redrive" ? targetTable(report) : [];
  const lines = [...rows, `lab ${bootstrap}: ${describeMove(move, report, true)}.`];
  if (first !== undefined) {
    const place = `partition ${first.partition}, offset ${first.offset}`;
    lines.push(`first message: ${place}, key ${shown(first.key)}, value ${shown(first.value)}`);
  }
  for (const { warning } of report.targets) if (warning !== undefined) lines.push(warning);
  if (lastsMs !== undefined && lastsMs > 0) lines.push(`this takes ${duration(lastsMs)}.`);
  return lines;
}

function messages(count: number): string {
  return count === 1 ? "1 message" : `${count} messages`;
}

function shown(field: FieldBytes | null): string {
  if (field === null) return "(null)";
  const text = exactTextOf(field.bytes);
  if (text === undefined) return `(${field.sizeBytes} bytes)`;
  return JSON.stringify(text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}...` : text);
}

function duration(ms: number): string {
  const seconds = Math.round(ms / 100) / 10;
  if (seconds < 120) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 120 ? `${minutes} min` : `${Math.round(minutes / 60)} h`;
}
