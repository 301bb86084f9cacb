import type { Logger } from "../../core/logger.ts";
import type { PartitionLog } from "../../log/partition-log.ts";
import type { EndMarker } from "../../record/control.ts";
import type { TransactionCoordinator } from "./transaction-coordinator.ts";
import type { TopicPartition } from "./transaction.ts";

interface LostDeps {
  readonly transactions: Pick<TransactionCoordinator, "resultOfLost">;
  readonly endIn: (marker: EndMarker, where: TopicPartition) => Promise<boolean>;
  readonly logger: Logger;
}

/**
 * Ends what a log has open and the coordinator does not know: a power cut can take the coordinator's
 * record or a marker, and readers would wait for its end for ever.
 */
export async function endLostTransactions(
  log: PartitionLog,
  where: TopicPartition,
  { transactions, endIn, logger }: LostDeps,
): Promise<void> {
  for (const producerId of [...log.transactions.entries.keys()]) {
    const result = transactions.resultOfLost(producerId, where);
    if (result === undefined) continue;
    const producerEpoch = log.producers.entries.get(producerId)?.epoch ?? 0;
    logger.warn(
      `${where.topic}-${where.partition}: a transaction of producer ${producerId} was left open; it is ended with ${result}`,
    );
    await endIn({ producerId, producerEpoch, result }, where);
  }
}
