/** A process of its own that appends to a log until it is killed, and says how far it got. */
import { writeSync } from "node:fs";
import { silentLogger } from "../../../runtime/core/logger.ts";
import { IndexCache } from "../../../runtime/log/index-cache.ts";
import { nodeFileSystem } from "../../../runtime/log/node-fs.ts";
import { OpenFiles } from "../../../runtime/log/open-files.ts";
import { PartitionLog } from "../../../runtime/log/partition-log.ts";
import { numberedBatch } from "./numbered.ts";

const [, , folder] = process.argv;
if (folder === undefined) throw new Error("usage: appender FOLDER");
const log = PartitionLog.open(
  folder,
  {
    fs: nodeFileSystem,
    files: new OpenFiles(nodeFileSystem, 4),
    indexes: new IndexCache(4),
    logger: silentLogger,
    onSealed: () => undefined,
  },
  {
    segmentBytes: 200_000,
    segmentMs: 1_000_000,
    retentionMs: -1,
    retentionBytes: -1,
    indexIntervalBytes: 4096,
    maxMessageBytes: 1_000_000,
  },
);
for (;;) {
  let next = log.endOffset;
  for (let i = 0; i < 5; i++) next = log.stage(numberedBatch(next)) + 10;
  log.flush();
  writeSync(1, `${log.endOffset}\n`);
}
