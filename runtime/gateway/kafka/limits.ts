/** Bounds on what one client can make the gateway hold. Each closes or pauses the connection it concerns. */
export const LIMITS = {
  /** Kafka's `socket.request.max.bytes`; a longer frame closes the connection. */
  maxFrameBytes: 104_857_600,
  /** Kafka's `sasl.server.max.receive.size`: the same for a client that has not authenticated yet. */
  maxUnauthenticatedFrameBytes: 524_288,
  /** Connections over all listeners; one more is closed at once. */
  maxConnections: 2_000,
  /** Requests of one connection that wait or run; reading pauses beyond it. */
  maxRequestsPerConnection: 64,
  /** Bytes of requests of one connection that wait or run; reading pauses beyond it. */
  maxRequestBytesPerConnection: 8 * 1024 * 1024,
  /** Bytes of responses the client has not taken yet; no further request starts beyond it. */
  maxUnsentBytes: 4 * 1024 * 1024,
  /** Kafka's `connections.max.idle.ms`. */
  maxIdleMs: 600_000,
  /** A TLS handshake that takes longer ends the connection. */
  maxTlsHandshakeMs: 10_000,
  /** Longest wait a fetch may ask for; longer ones are shortened. */
  maxWaitMs: 300_000,
  /** Kafka's `fetch.max.bytes` of the broker. */
  maxFetchBytes: 57_671_680,
  /** Bytes of all fetch responses that clients have not taken yet; fetches get less as it fills. */
  maxLentBytes: 128 * 1024 * 1024,
  /** Buffers kept for the next fetch while none runs. */
  maxIdlePoolBytes: 16 * 1024 * 1024,
} as const;
