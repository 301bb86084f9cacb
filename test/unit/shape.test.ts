/** The shape of the code itself: who may import whom, how long a file may be, what may not be written. */
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import path from "node:path";
import { describe, it } from "mocha";

/**
 * Each layer may import itself, Node.js and what is listed here: folders or single modules of this
 * repository, and packages. A file belongs to the longest layer that it lies below. What is not
 * listed is forbidden; think hard before changing this table. .oxlintrc.json says the same for the editor.
 */
const LAYERS: Readonly<Record<string, readonly string[]>> = {
  "runtime/api": [],
  "runtime/core": [],
  "runtime/record": ["runtime/core", "@platformatic/wasm-utils", "fzstd"],
  "runtime/log": ["runtime/core", "runtime/record"],
  "runtime/meta": ["runtime/core", "lowdb"],
  "runtime/broker": ["runtime/core", "runtime/record", "runtime/log", "runtime/meta"],
  "runtime/wire/kafka": ["runtime/core", "runtime/record"],
  "runtime/gateway/kafka": [
    "runtime/core",
    "runtime/record",
    "runtime/broker",
    "runtime/wire/kafka",
  ],
  "runtime/cluster": ["runtime/core", "runtime/record", "runtime/broker", "runtime/wire/kafka"],
  "runtime/sql": [],
  "runtime/messages": [
    "runtime/core",
    "runtime/record",
    "runtime/cluster",
    "runtime/sql",
    "runtime/api/base64",
    "runtime/api/bytes",
    "runtime/api/jsonl",
    "runtime/api/load",
    "runtime/api/model",
    "runtime/api/moves",
    "runtime/api/produce-document",
    "runtime/api/template",
    "runtime/api/template-placeholder",
    "runtime/api/survey",
    "runtime/api/timestamp",
    "@faker-js/faker",
    "@msgpack/msgpack",
    "avsc",
    "cborg",
    "protobufjs",
    "saxes",
  ],
  "runtime/groups": [
    "runtime/core",
    "runtime/cluster",
    "runtime/api/model",
    "runtime/api/group-admin",
  ],
  "runtime/topics": ["runtime/core", "runtime/cluster", "runtime/api/topic-admin"],
  "runtime/control": [
    "runtime/api",
    "runtime/core",
    "runtime/broker",
    "runtime/cluster",
    "runtime/groups",
    "runtime/messages",
    "runtime/meta",
    "runtime/topics",
    "ws",
  ],
  "runtime/cli": ["runtime/api", "runtime/core", "runtime/control/lock", "ws"],
  runtime: ["runtime", "ws"],
  extension: ["runtime/api", "vscode", "ws"],
  media: ["runtime/api"],
};

const SOURCES = ["runtime", "extension", "media"];
const MAX_LINES = 500;
/** What may ask the machine for the time or a timer: the clock, the peer (it has no clock in a webview), the user interface. */
const OWN_TIME =
  /^(runtime\/core\/clock\.ts|runtime\/api\/(rpc|globals\.d)\.ts|extension\/|media\/)/;

interface Ban {
  readonly pattern: RegExp;
  readonly instead: string;
  readonly applies: (file: string) => boolean;
}

const isTest = (file: string): boolean => file.startsWith("test/");
const isSource = (file: string): boolean => !isTest(file);
const needsClock = (file: string): boolean => isSource(file) && !OWN_TIME.test(file);
/** This file names what is banned. */
const everywhere = (file: string): boolean => file !== "test/unit/shape.test.ts";
const inTests = (file: string): boolean => isTest(file) && everywhere(file);

const BANNED: readonly Ban[] = [
  { pattern: /\bconsole\.log\b/, instead: "use the logger", applies: isSource },
  { pattern: /\b(FIXME|XXX)\b/, instead: "mend it before it is committed", applies: everywhere },
  { pattern: /\bTODO\b(?!\([\w-]+\))/, instead: "name an owner", applies: everywhere },
  { pattern: /\bas any\b|: any\b|<any>/, instead: "give it a type", applies: everywhere },
  { pattern: /\bas unknown as\b/, instead: "check the value", applies: everywhere },
  { pattern: /@ts-(ignore|expect-error|nocheck)/, instead: "mend the types", applies: everywhere },
  { pattern: /(ox|es)lint-disable/, instead: "mend the code", applies: everywhere },
  {
    pattern: /(?<![.\w])(setTimeout|setInterval)\(|\bDate\.now\(/,
    instead: "take a Clock",
    applies: needsClock,
  },
  {
    pattern: /\b(describe|it|suite|test)\.(only|skip)\(/,
    instead: "a test that cannot run calls skip() with the reason",
    applies: inTests,
  },
  {
    pattern: /\bwaitForTimeout\(|\bsleep\(|\bsetTimeout\(\w+, ?\d{2,}/,
    instead: "wait for the event or move a FakeClock",
    applies: inTests,
  },
];

interface Source {
  /** Path from the root, with slashes. */
  readonly file: string;
  readonly text: string;
  readonly lines: number;
}

/** Every TypeScript file of these folders; test/host holds installed packages and is no source. */
function sources(folders: readonly string[]): Source[] {
  return folders
    .flatMap((folder) =>
      readdirSync(folder, { recursive: true, encoding: "utf8" }).map(
        (name) => `${folder}/${name.replaceAll(path.sep, "/")}`,
      ),
    )
    .filter((file) => file.endsWith(".ts") && !file.startsWith("test/host/"))
    .map((file) => {
      const text = readFileSync(file, "utf8");
      return { file, text, lines: text.split("\n").length - 1 };
    });
}

/** `name` is `entry` itself or lies below it. */
const within = (name: string, entry: string): boolean =>
  name === entry || name.startsWith(`${entry}/`);

function layerOf(file: string): string | undefined {
  const layers = Object.keys(LAYERS).filter((layer) => within(file, layer));
  const [longest] = layers.sort((a, b) => b.length - a.length);
  // Only files directly in runtime/ are the composition; a new folder there needs its own row.
  if (longest === "runtime" && path.posix.dirname(file) !== "runtime") return undefined;
  return longest;
}

/** What a file imports: modules of this repository by path without suffix, packages by name. */
function imports({ file, text }: Source): string[] {
  const found: string[] = [];
  for (const [, spec = ""] of text.matchAll(/(?<!")\b(?:from|import)\s*\(?\s*"([^"\s]+)"/g)) {
    if (spec.startsWith("node:")) continue;
    found.push(
      spec.startsWith(".")
        ? path.posix.join(path.posix.dirname(file), spec).replace(/\.ts$/, "")
        : spec,
    );
  }
  return found;
}

function strayImports(source: Source): string[] {
  const layer = layerOf(source.file);
  if (layer === undefined) return [`${source.file}: its folder is in no layer`];
  const allowed = [layer, ...(LAYERS[layer] ?? [])];
  return imports(source)
    .filter((target) => !allowed.some((entry) => within(target, entry)))
    .map((target) => `${source.file}: ${layer} must not import ${target}`);
}

function bannedWords({ file, text }: Source): string[] {
  const bans = BANNED.filter((ban) => ban.applies(file));
  return text
    .split("\n")
    .flatMap((line, index) =>
      bans
        .filter((ban) => ban.pattern.test(line))
        .map((ban) => `${file}:${index + 1}: ${line.trim()}: ${ban.instead}`),
    );
}

describe("the shape of the code", () => {
  const product = sources(SOURCES);
  const all = [...product, ...sources(["test"])];

  it("has no import against the layers", () => {
    assert.deepEqual(product.flatMap(strayImports), []);
  });

  it("has no banned words", () => {
    assert.deepEqual(all.flatMap(bannedWords), []);
  });

  it(`has no file over ${MAX_LINES} lines`, () => {
    const long = all.filter((source) => source.lines > MAX_LINES);
    assert.deepEqual(
      long.map((source) => `${source.file}: ${source.lines}`),
      [],
    );
    const sorted = product.map((source) => source.lines).sort((a, b) => a - b);
    const median = sorted[Math.floor(sorted.length / 2)];
    console.info(`      ${product.length} source files, median ${median} lines`);
  });

  it("has names in kebab-case and none that says nothing", () => {
    const odd = all.filter(({ file }) => {
      const names = file.split("/");
      return names.some((name) => !/^[a-z0-9]+(-[a-z0-9]+)*(\.test|\.d)?(\.ts)?$/.test(name));
    });
    const empty = all.filter(({ file }) => /\/(utils?|helpers?|misc|common)(\.ts|\/)/.test(file));
    assert.deepEqual(
      [...odd, ...empty].map((source) => source.file),
      [],
    );
  });

  it("holds the code to something that exists: every layer of the table has files", () => {
    const used = new Set(product.map((source) => layerOf(source.file)));
    assert.deepEqual(
      Object.keys(LAYERS).filter((layer) => !used.has(layer)),
      [],
    );
  });
});
