import type { FilterFault } from "../../runtime/api/lab.ts";
import type { MessageFilter, SearchedPart } from "../../runtime/api/model.ts";

/** A filter as it stands in the filter bar, applied or not. */
export interface FilterDraft {
  readonly mode: MessageFilter["kind"];
  readonly text: string;
  /** Not looked at by SQL, which names what it is about. */
  readonly part: SearchedPart;
  readonly matchCase: boolean;
}

/**
 * What the filter bar knows. Every change is a function from a state to the next, and nothing else:
 * what is to be done about it (asking for a check, reading anew) is for who holds the state.
 */
export interface FilterState {
  readonly draft: FilterDraft;
  /** What is wrong with the draft, as far as it has been checked. */
  readonly faults: readonly FilterFault[];
  /** Whether the draft still has to be checked. */
  readonly isDue: boolean;
  /** Enter was pressed before the check was back. */
  readonly isSubmitted: boolean;
  /** Which messages are shown; all when undefined. */
  readonly applied: MessageFilter | undefined;
}

const EMPTY: FilterDraft = { mode: "text", text: "", part: "anywhere", matchCase: false };

/** The bar with this filter in it, which has been found good before. */
export function shownFilter(filter: MessageFilter | undefined): FilterState {
  const draft = filter === undefined ? EMPTY : draftOf(filter);
  return { draft, faults: [], isDue: false, isSubmitted: false, applied: filter };
}

/** The person typed or chose something. */
export function edited(state: FilterState, change: Partial<FilterDraft>): FilterState {
  const draft = { ...state.draft, ...change };
  const isDue = draft.text !== "" && draft.mode !== "text";
  return { ...state, draft, faults: [], isDue, isSubmitted: false };
}

/** The check of a draft is back. One of an older draft says nothing about this one. */
export function checked(
  state: FilterState,
  draft: FilterDraft,
  faults: readonly FilterFault[],
): FilterState {
  if (draft !== state.draft) return state;
  const known = { ...state, faults, isDue: false };
  return state.isSubmitted ? submitted(known) : known;
}

/** Enter: the draft is applied once it is known to be good; a faulty one never is. */
export function submitted(state: FilterState): FilterState {
  if (state.isDue) return { ...state, isSubmitted: true };
  if (state.faults.length > 0) return { ...state, isSubmitted: false };
  return { ...state, isSubmitted: false, applied: filterOf(state.draft) };
}

/** Escape: no text, and all messages. How it would be looked for stays. */
export function cleared(state: FilterState): FilterState {
  return { ...edited(state, { text: "" }), applied: undefined };
}

/** The filter that a draft stands for; undefined when it has no text. */
export function filterOf({ mode, text, part, matchCase }: FilterDraft): MessageFilter | undefined {
  if (text === "") return undefined;
  switch (mode) {
    case "text":
      return { kind: mode, text, part, matchCase };
    case "regexp":
      return { kind: mode, pattern: text, part, matchCase };
    case "sql":
      return { kind: mode, expression: text };
    default:
      return mode satisfies never;
  }
}

function draftOf(filter: MessageFilter): FilterDraft {
  switch (filter.kind) {
    case "text":
      return { ...EMPTY, ...filter, mode: filter.kind };
    case "regexp":
      return { ...EMPTY, ...filter, mode: filter.kind, text: filter.pattern };
    case "sql":
      return { ...EMPTY, mode: filter.kind, text: filter.expression };
    default:
      return filter satisfies never;
  }
}

/** A piece of a text, and what is wrong with it. */
export interface Piece {
  readonly text: string;
  readonly isFaulty: boolean;
}

/** A text in pieces that are faulty or not. A fault without extent, such as a missing end, marks the character before it. */
export function piecesOf(text: string, faults: readonly FilterFault[]): readonly Piece[] {
  const pieces: Piece[] = [];
  let at = 0;
  for (const fault of faults.toSorted((a, b) => a.start - b.start)) {
    const end = Math.min(Math.max(fault.end, fault.start), text.length);
    const start = Math.max(at, Math.min(fault.start, Math.max(0, end - 1)));
    if (start >= end) continue;
    if (start > at) pieces.push({ text: text.slice(at, start), isFaulty: false });
    pieces.push({ text: text.slice(start, end), isFaulty: true });
    at = end;
  }
  if (at < text.length) pieces.push({ text: text.slice(at), isFaulty: false });
  return pieces;
}
