/** Lab and limit broker under the same load, in turn, so that a drift of the machine hits both. */
import { type Load, type Measured, runLoad } from "./client.ts";
import { memoryMb } from "./proc.ts";
import { startLabServer, startLimitBroker, type Server } from "./servers.ts";
import { quietRounds, spread, type Spread } from "./statistics.ts";

/** A round counts only when the limit broker was this close to its own median. */
const QUIET = 0.25;

export const LOADS: readonly Load[] = [
  { name: "produce 100 B", kind: "produce", messages: 1_000_000, messageBytes: 100 },
  { name: "consume 100 B", kind: "consume", messages: 1_000_000, messageBytes: 100 },
  { name: "produce 1 KB", kind: "produce", messages: 400_000, messageBytes: 1_000 },
  { name: "consume 1 KB", kind: "consume", messages: 400_000, messageBytes: 1_000 },
];
const WARM_UP: Load = { name: "warm up", kind: "produce", messages: 500_000, messageBytes: 100 };

export interface LoadResult {
  readonly name: string;
  readonly rounds: number;
  readonly quiet: number;
  readonly lab: Spread;
  readonly limit: Spread | undefined;
  /** Median of the lab over median of the limit broker, quiet rounds only. */
  readonly ratio: number | undefined;
  readonly labCpuPerMillion: Spread;
  readonly limitCpuPerMillion: Spread | undefined;
}

export interface ThroughputResult {
  readonly loads: readonly LoadResult[];
  readonly labMemoryMb: { readonly rss: number; readonly peak: number };
  /** Message bytes that went into the lab and out of it. */
  readonly bytesIn: number;
  readonly bytesOut: number;
}

export interface ThroughputOptions {
  readonly program: string;
  readonly limitBroker: string | undefined;
  readonly node: string;
  readonly folder: string;
  readonly rounds: number;
}

type Samples = Map<string, Measured[]>;

async function round(options: ThroughputOptions, servers: Server[], n: number, samples: Samples) {
  for (const load of LOADS) {
    const topic = `bench-${load.messageBytes}-${n}`;
    const order = n % 2 === 0 ? servers : servers.toReversed();
    for (const server of order) {
      const key = `${server.name}/${load.name}`;
      const measured = await runLoad(options.program, server, load, topic);
      samples.set(key, [...(samples.get(key) ?? []), measured]);
    }
  }
}

function summarise(load: Load, samples: Samples, rounds: number): LoadResult {
  const of = (server: string) => samples.get(`${server}/${load.name}`) ?? [];
  const rates = (all: Measured[]) => all.map((one) => one.messagesPerSecond);
  const limit = of("limit");
  const quiet = quietRounds(rates(limit.length > 0 ? limit : of("lab")), QUIET);
  const kept = (all: Measured[]) => quiet.flatMap((n) => all[n] ?? []);
  const lab = spread(rates(kept(of("lab"))));
  const floor = limit.length > 0 ? spread(rates(kept(limit))) : undefined;
  const cpu = (all: Measured[]) => spread(kept(all).map((one) => one.cpuSecondsPerMillion));
  return {
    name: load.name,
    rounds,
    quiet: quiet.length,
    lab,
    limit: floor,
    ratio: floor === undefined ? undefined : lab.median / floor.median,
    labCpuPerMillion: cpu(of("lab")),
    limitCpuPerMillion: limit.length > 0 ? cpu(limit) : undefined,
  };
}

export async function measureThroughput(options: ThroughputOptions): Promise<ThroughputResult> {
  const { limitBroker, folder, node, program, rounds } = options;
  const lab = await startLabServer(`${folder}/lab`, node);
  const limit = limitBroker === undefined ? undefined : await startLimitBroker(limitBroker, folder);
  try {
    const servers = limit === undefined ? [lab] : [limit, lab];
    for (const server of servers) await runLoad(program, server, WARM_UP, "warm-up");
    const samples: Samples = new Map();
    for (let n = 0; n < rounds; n++) await round(options, servers, n, samples);
    const moved = (kind: Load["kind"]) =>
      LOADS.filter((load) => load.kind === kind).reduce(
        (sum, load) => sum + load.messages * load.messageBytes * rounds,
        0,
      );
    return {
      loads: LOADS.map((load) => summarise(load, samples, rounds)),
      labMemoryMb: memoryMb(lab.pid),
      bytesIn: moved("produce") + WARM_UP.messages * WARM_UP.messageBytes,
      bytesOut: moved("consume"),
    };
  } finally {
    await lab.stop();
    await limit?.stop();
  }
}
