/** Reads the JUnit XML that test runners of other languages write. */
import type { CaseResult } from "./suite.ts";

const DETAIL_CHARS = 300;
const ENTITIES: Readonly<Record<string, string>> = {
  "&lt;": "<",
  "&gt;": ">",
  "&quot;": '"',
  "&apos;": "'",
  "&#10;": "\n",
  "&amp;": "&",
};

const unescape = (text: string): string =>
  text.replace(/&(?:lt|gt|quot|apos|#10|amp);/g, (entity) => ENTITIES[entity] ?? entity);

const attribute = (tag: string, name: string): string =>
  unescape(new RegExp(`\\s${name}="([^"]*)"`).exec(tag)?.[1] ?? "");

const OUTCOMES = [
  ["failed", /<(?:failure|error)\b[^>]*>/],
  ["skipped", /<skipped\b[^>]*>/],
] as const;

/** Its cases, each named by the end of its class and its own name. */
export function* junitCases(xml: string): Generator<CaseResult> {
  for (const [, tag = "", body = ""] of xml.matchAll(
    /(<testcase\b(?:[^>"]|"[^"]*")*?)(?:\/>|>([\s\S]*?)<\/testcase>)/g,
  )) {
    const place = attribute(tag, "classname").split(".").at(-1) ?? "";
    const name = `${place}.${attribute(tag, "name")}`;
    const found = OUTCOMES.flatMap(([outcome, pattern]) => {
      const element = pattern.exec(body)?.[0];
      return element === undefined ? [] : [{ outcome, element }];
    });
    const [worst] = found;
    if (worst === undefined) yield { name, outcome: "passed" };
    else {
      const detail = attribute(worst.element, "message").slice(0, DETAIL_CHARS);
      yield { name, outcome: worst.outcome, detail };
    }
  }
}
