import type { Message } from "../../api/model.ts";
import type { ExportMove, MoveReport } from "../../api/moves.ts";
import type { MoveControl } from "../moves/move-control.ts";
import { NOTHING_MOVED, shown } from "../moves/report.ts";
import type { Failure } from "../outcome.ts";
import { SourceReader, type SourceReaderDeps } from "../range/source-reader.ts";
import { diskFailure } from "./partial-file.ts";
import { type MessageSink, openSink, placeProblem } from "./sinks.ts";

type Report = Omit<MoveReport, "elapsedMs">;

/** Writes messages to a file or folder, which is there when the export is whole, and not at all otherwise. */
export async function exportMessages(
  deps: SourceReaderDeps,
  move: ExportMove,
  control: MoveControl,
  dryRun: boolean,
): Promise<Report | Failure> {
  let sink: MessageSink | undefined;
  try {
    const problem = await placeProblem(move);
    if (problem !== undefined) return problem;
    const reader = await SourceReader.open(deps, move.source);
    if ("kind" in reader) return reader;
    control.begin(dryRun ? "check" : "move", () => reader.part);
    sink = dryRun ? countingSink(move) : await openSink(move);
    const report = await write(reader, sink, control);
    if ("kind" in report || report.outcome === "stopped") return report;
    await sink.finish();
    const { sizeBytes } = sink;
    sink = undefined;
    return { ...report, sizeBytes };
  } catch (error) {
    return diskFailure("written", move.path, error);
  } finally {
    await sink?.discard().catch(() => undefined);
  }
}

async function write(
  reader: SourceReader,
  sink: MessageSink,
  control: MoveControl,
): Promise<Report | Failure> {
  let moved = 0;
  let skipped = 0;
  let first: Message | undefined;
  while (await control.turn()) {
    const message = await reader.next();
    if (message === undefined) return { ...NOTHING_MOVED, moved, skipped, first };
    if ("kind" in message) return message;
    if (await sink.add(message)) {
      moved += 1;
      first ??= shown(message);
    } else {
      skipped += 1;
    }
    control.count(1);
  }
  return { ...NOTHING_MOVED, outcome: "stopped" };
}

/** Writes nothing. */
function countingSink({ format }: ExportMove): MessageSink {
  return {
    sizeBytes: 0,
    add: ({ value }) => Promise.resolve(format !== "raw" || value !== null),
    finish: () => Promise.resolve(),
    discard: () => Promise.resolve(),
  };
}
