/** Single requests as data: what is asked, in every version that the lab serves. */
import type { Api } from "../apis.ts";
import type { Steps } from "../script.ts";

export interface Case<In extends object> {
  readonly step: string;
  readonly ask: In | ((version: number) => In);
  /** The first and the last version in which it can be asked; all by default. */
  readonly from?: number;
  readonly to?: number;
}

/** Sends each case in each version, one after the other. */
export async function askAll<In extends object, Out>(
  steps: Steps,
  api: Api<In, Out>,
  cases: readonly Case<NoInfer<In>>[],
): Promise<void> {
  const [first, last] = api.request.versions;
  for (const { step, ask, from = first, to = last } of cases) {
    for (let version = Math.max(first, from); version <= Math.min(last, to); version++) {
      const value = typeof ask === "function" ? ask(version) : ask;
      await steps.ask(`${step} (v${version})`, api, version, value);
    }
  }
}
