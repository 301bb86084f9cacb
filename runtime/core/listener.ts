/** What a client speaks on a listener, under the names that clients use for `security.protocol`. */
export const SECURITY_PROTOCOLS = ["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"] as const;
export type SecurityProtocol = (typeof SECURITY_PROTOCOLS)[number];

/** Where the lab is to listen for Kafka clients. */
export interface ListenerSpec {
  readonly protocol: SecurityProtocol;
  readonly host: string;
  /** The port to prefer, 0 for any free one. When it is taken, the lab takes a free one and says so in its log. */
  readonly port: number;
}

/** A listener that accepts clients. */
export interface RunningListener {
  readonly protocol: SecurityProtocol;
  /** What a client takes as `bootstrap.servers`. */
  readonly bootstrap: string;
}

/** One of the brokers that the lab shows itself as. */
export interface BrokerStatus {
  readonly id: number;
  readonly up: boolean;
  /** How many partitions it leads. */
  readonly leads: number;
  /** Where it is reached while it is up, in the order of the lab's listeners. */
  readonly listeners: readonly RunningListener[];
}

/** The port of a listener for one broker: they follow each other, or are any free ones. */
export function portOf({ port }: ListenerSpec, broker: number): number {
  return port === 0 ? 0 : port + broker - 1;
}

export const usesTls = (protocol: SecurityProtocol): boolean => protocol.endsWith("SSL");
export const usesSasl = (protocol: SecurityProtocol): boolean => protocol.startsWith("SASL_");

/** Most brokers that one lab shows itself as. */
export const MAX_BROKERS = 16;
