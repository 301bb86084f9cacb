/** The same malformed frames to both brokers: who answers, and who closes. */
import type { Attack } from "../../fault/wire/attacks.ts";
import { attackWith, type Outcome } from "../../fault/wire/peer.ts";
import { apiName } from "./apis.ts";
import { type KnownFrame, KNOWN_FRAMES } from "./known-frames.ts";
import type { Side } from "./sides.ts";

const AT_ONCE = 32;
const API_KEY_AT = 4;
const API_VERSION_AT = 6;
const SHOWN_CHARS = 200;

export interface FrameDifference {
  readonly kind: string;
  readonly api: string;
  readonly version: number;
  readonly kafka: Outcome;
  readonly lab: Outcome;
  readonly bytes: string;
}

async function send(all: readonly Attack[], side: Side): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let at = next++; at < all.length; at = next++) {
      const attack = all[at];
      if (attack !== undefined) outcomes[at] = await attackWith(side.tap.bootstrap, attack);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return outcomes;
}

/** Both kept silent; which of them closed within the grace is a matter of a busy machine's time. */
const isSilent = (outcome: Outcome): boolean => outcome === "closed" || outcome === "given up";

const sameFate = (a: Outcome, b: Outcome): boolean => a === b || (isSilent(a) && isSilent(b));

/** Attacks that never end say nothing of who would have answered, and are left out. */
export async function compareFrames(
  attacks: readonly Attack[],
  kafka: Side,
  lab: Side,
): Promise<{ sent: number; differences: FrameDifference[] }> {
  const whole = attacks.filter(({ incomplete }) => !incomplete);
  const [inKafka, inLab] = await Promise.all([send(whole, kafka), send(whole, lab)]);
  const differences = whole.flatMap(({ kind, bytes }, at): FrameDifference[] => {
    const [one, other] = [inKafka[at], inLab[at]];
    if (one === undefined || other === undefined || sameFate(one, other)) return [];
    const hasHeader = bytes.length >= API_VERSION_AT + 2;
    return [
      {
        kind,
        api: hasHeader ? apiName(bytes.readInt16BE(API_KEY_AT)) : "(none)",
        version: hasHeader ? bytes.readInt16BE(API_VERSION_AT) : -1,
        ...{ kafka: one, lab: other },
        bytes: bytes.toString("hex").slice(0, SHOWN_CHARS),
      },
    ];
  });
  return { sent: whole.length, differences };
}

const matches = (known: KnownFrame, found: FrameDifference): boolean =>
  known.kafka === found.kafka &&
  known.lab === found.lab &&
  (known.kind?.test(found.kind) ?? true) &&
  (known.api?.test(found.api) ?? true);

export function sortOutFrames(differences: readonly FrameDifference[]) {
  const known = new Map<KnownFrame, number>(KNOWN_FRAMES.map((one) => [one, 0]));
  const unknown = differences.filter((difference) => {
    const reason = KNOWN_FRAMES.find((one) => matches(one, difference));
    if (reason !== undefined) known.set(reason, (known.get(reason) ?? 0) + 1);
    return reason === undefined;
  });
  return { known, unknown };
}
