/**
 * Which nodes have a partition, and which of them leads it. All nodes of a lab share one log, so a
 * replica is in sync as soon as it is up and there is a leader to follow; only a partition without a
 * leader remembers who was in sync last, because only that one may lead without an unclean election.
 */

/** In place of the leader's id where there is none. */
export const NO_LEADER = -1;

export interface Placement {
  /** At least one, the preferred leader first. */
  readonly replicas: readonly number[];
  readonly isr: readonly number[];
  readonly leader: number;
  /** One more with every move. */
  readonly epoch: number;
  /** The replicas as they were assigned, where not all of those nodes are part of the lab now. */
  readonly assigned?: readonly number[];
}

/** What is kept of a placement on disk. */
export interface StoredPlacement {
  readonly replicas: readonly number[];
  readonly leader: number;
  readonly epoch: number;
}

export type IsUp = (node: number) => boolean;

/** Of every partition of a lab with one node, until something moves. */
export const ONLY_NODE: Placement = { replicas: [1], isr: [1], leader: 1, epoch: 0 };
const ONLY_NODE_STORED: StoredPlacement = { replicas: [1], leader: 1, epoch: 0 };

/** A partition that has just been created; at least one of its replicas is up. */
export function newPlacement(replicas: readonly number[], isUp: IsUp): Placement {
  const isr = replicas.filter(isUp);
  return { replicas, isr, leader: isr[0] ?? NO_LEADER, epoch: 0 };
}

/**
 * The placement of a partition as the lab starts with nodes 1 to `nodes`, all of them up. Replicas on
 * nodes that are not there are left out until they are; when none is left another node stands in. The
 * epoch is never below that of the log.
 */
export function restored(
  stored: StoredPlacement | undefined,
  index: number,
  nodes: number,
  logEpoch: number,
): Placement {
  if (stored === undefined && logEpoch === 0) return ONLY_NODE;
  const { replicas: assigned, leader, epoch } = stored ?? ONLY_NODE_STORED;
  const there = assigned.filter((node) => node <= nodes);
  const replicas = there.length > 0 ? there : [1 + (index % nodes)];
  const isSame = replicas.length === assigned.length && there.length > 0;
  const found: Placement = {
    ...{ replicas, isr: replicas, leader, epoch: Math.max(epoch, logEpoch) },
    ...(isSame ? {} : { assigned }),
  };
  return settled(found, (node) => node <= nodes, false);
}

/** What is to be kept of the placements of a topic; undefined when that is what it is without. */
export function toStore(placements: readonly Placement[]): readonly StoredPlacement[] | undefined {
  if (placements.every((placement) => placement === ONLY_NODE || isOnlyNode(placement))) {
    return undefined;
  }
  return placements.map(({ replicas, assigned, leader, epoch }) => ({
    replicas: assigned ?? replicas,
    leader,
    epoch,
  }));
}

function isOnlyNode({ replicas, assigned, leader, epoch }: Placement): boolean {
  const isOne = replicas.length === 1 && replicas[0] === 1 && assigned === undefined;
  return isOne && leader === 1 && epoch === 0;
}

/**
 * The placement after nodes went up or down. The leader stays while it can; otherwise the first replica
 * in sync follows, or with `unclean` any that is up (unclean.leader.election.enable).
 */
export function settled(placement: Placement, isUp: IsUp, unclean: boolean): Placement {
  const { replicas } = placement;
  if (isWhole(placement) && replicas.every(isUp)) return placement;
  const inSync = placement.isr.filter(isUp);
  const stays = inSync.includes(placement.leader);
  const next = replicas.find((node) => inSync.includes(node));
  const leader = stays ? placement.leader : (next ?? (unclean ? replicas.find(isUp) : undefined));
  if (leader === undefined) return moved(placement, NO_LEADER, placement.isr);
  return moved(placement, leader, replicas.filter(isUp));
}

/** There is a leader, and every replica is in sync. */
function isWhole({ replicas, isr, leader }: Placement): boolean {
  return leader !== NO_LEADER && isr.length === replicas.length && isr.includes(leader);
}

function moved(placement: Placement, leader: number, isr: readonly number[]): Placement {
  const isSameIsr =
    isr.length === placement.isr.length && isr.every((n, i) => n === placement.isr[i]);
  if (leader === placement.leader && isSameIsr) return placement;
  const epoch = leader === placement.leader ? placement.epoch : placement.epoch + 1;
  return { ...placement, isr, leader, epoch };
}

/** Other replicas, at once. The leader stays if it is one of them. A replica that goes begins an epoch (KIP-455). */
export function reassigned(
  placement: Placement,
  replicas: readonly number[],
  isUp: IsUp,
): Placement {
  const isr = replicas.filter(isUp);
  const leader = isr.includes(placement.leader) ? placement.leader : (isr[0] ?? NO_LEADER);
  const isMove =
    leader !== placement.leader || !placement.replicas.every((node) => replicas.includes(node));
  return { replicas, isr, leader, epoch: placement.epoch + (isMove ? 1 : 0) };
}

export type Election = "preferred" | "unclean";

/** The placement after an election that was asked for (KIP-460), or why there is none. */
export function elected(
  placement: Placement,
  election: Election,
  isUp: IsUp,
): Placement | "not-needed" | "not-available" {
  const { leader, isr, replicas } = placement;
  const [preferred = NO_LEADER] = replicas;
  if (election === "preferred" && leader === preferred) return "not-needed";
  if (election === "unclean" && leader !== NO_LEADER) return "not-needed";
  if (election === "preferred" && isr.includes(preferred) && isUp(preferred)) {
    return moved(placement, preferred, replicas.filter(isUp));
  }
  const after = settled(placement, isUp, election === "unclean");
  return after.leader === leader ? "not-available" : after;
}
