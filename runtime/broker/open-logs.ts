import type { Logger } from "../core/logger.ts";
import { StorageError } from "../log/storage-error.ts";
import type { Partition } from "./partition.ts";

/**
 * Opens the logs that nobody has asked for yet, one after the other; `giveWay` resolves when whoever
 * waits has had a turn. What cannot be opened is in the log, and whoever asks for it is told.
 */
export async function openLogs(
  partitions: readonly Partition[],
  giveWay: () => Promise<void>,
  logger: Logger,
): Promise<void> {
  for (const partition of partitions) {
    if (partition.isOpen) continue;
    await giveWay();
    try {
      partition.open();
    } catch (error) {
      if (!(error instanceof StorageError)) throw error;
      logger.error(error.message);
    }
  }
}
