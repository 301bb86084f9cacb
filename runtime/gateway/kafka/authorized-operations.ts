/**
 * What a client may do, as Kafka tells it without an authoriser: everything. Each is a set of bits, one
 * for each number of Kafka's AclOperation (KIP-430).
 */
const READ = 3;
const WRITE = 4;
const CREATE = 5;
const DELETE = 6;
const ALTER = 7;
const DESCRIBE = 8;
const CLUSTER_ACTION = 9;
const DESCRIBE_CONFIGS = 10;
const ALTER_CONFIGS = 11;
const IDEMPOTENT_WRITE = 12;

const bits = (...operations: readonly number[]): number =>
  operations.reduce((set, operation) => set | (1 << operation), 0);

const CONFIGS = [DESCRIBE_CONFIGS, ALTER_CONFIGS];

export const AUTHORIZED = {
  topic: bits(READ, WRITE, CREATE, DELETE, ALTER, DESCRIBE, ...CONFIGS),
  cluster: bits(CREATE, ALTER, DESCRIBE, CLUSTER_ACTION, ...CONFIGS, IDEMPOTENT_WRITE),
  group: bits(READ, DELETE, DESCRIBE, ...CONFIGS),
} as const;

/** In place of a set that the client has not asked for. */
export const NOT_ASKED = -2_147_483_648;
