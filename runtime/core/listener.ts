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

export const usesTls = (protocol: SecurityProtocol): boolean => protocol.endsWith("SSL");
export const usesSasl = (protocol: SecurityProtocol): boolean => protocol.startsWith("SASL_");

/** Most brokers that one lab can be. */
export const MAX_BROKERS = 16;
