import { isIPv6 } from "node:net";
import { type ListenerSpec, portOf, SECURITY_PROTOCOLS, usesSasl } from "../core/listener.ts";
import { UsageError } from "./usage.ts";

const MAX_LISTENERS = 16;
const MAX_PORT = 65_535;
const LOOPBACK = "127.0.0.1";
const FORM = /^(?<protocol>\w+):\/\/(?:\[(?<v6>[^\]]*)\]|(?<host>[^:/[\]]*)):(?<port>\d{1,5})$/;

/** Understands `--listener` options such as `sasl_ssl://127.0.0.1:9094`. Throws UsageError. */
export function parseListeners(texts: readonly string[]): ListenerSpec[] {
  if (texts.length > MAX_LISTENERS) {
    throw new UsageError(`--listener: at most ${MAX_LISTENERS} are possible.`);
  }
  return texts.map(parseListener);
}

function parseListener(text: string): ListenerSpec {
  const { protocol = "", v6, host, port = "" } = FORM.exec(text)?.groups ?? {};
  const known = SECURITY_PROTOCOLS.find((each) => each === protocol.toUpperCase());
  const malformed = known === undefined || Number(port) > MAX_PORT;
  if (malformed || (v6 !== undefined && !isIPv6(v6))) {
    throw new UsageError(
      `--listener: expected plaintext, ssl, sasl_plaintext or sasl_ssl://HOST:PORT, not "${text}".`,
    );
  }
  return { protocol: known, host: v6 ?? (host || LOOPBACK), port: Number(port) };
}

/** With several brokers a listener has a port for each of them, one after the other. Throws UsageError. */
export function checkPorts(listeners: readonly ListenerSpec[], brokers: number): void {
  if (brokers === 1) return;
  const taken = new Map<number, number>();
  for (const spec of listeners) {
    if (spec.port === 0) continue;
    for (let broker = 1; broker <= brokers; broker++) {
      const port = portOf(spec, broker);
      if (port > MAX_PORT) {
        throw new UsageError(
          `--brokers ${brokers}: there are no ${brokers} ports from ${spec.port} on.`,
        );
      }
      const other = taken.get(port);
      if (other !== undefined) {
        throw new UsageError(
          `--brokers ${brokers}: each listener takes ${brokers} ports in a row, so those of ${other} and ${spec.port} overlap.`,
        );
      }
      taken.set(port, spec.port);
    }
  }
}

/** Users are wanted exactly where a listener asks who the client is. Throws UsageError. */
export function checkUsers(listeners: readonly ListenerSpec[], users: string | undefined): void {
  const sasl = listeners.some(({ protocol }) => usesSasl(protocol));
  if (sasl && users === undefined) throw new UsageError("SASL listeners need --users FILE.");
  if (!sasl && users !== undefined) {
    throw new UsageError("--users is for listeners sasl_plaintext and sasl_ssl.");
  }
}
