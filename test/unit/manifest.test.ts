/** package.json, package.nls.json and extension/ids.ts name the same things, compared in both directions. */
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { describe, it } from "mocha";
import {
  COMMANDS,
  CONFIG_LANGUAGE,
  CONFIG_SCHEME,
  CONFIG_SUFFIX,
  CONTEXT_KEYS,
  MESSAGE_SCHEME,
  PANELS,
  PRODUCE_SUFFIX,
  SETTINGS,
  TREE_CONTEXT,
  VIEWS,
} from "../../extension/ids.ts";

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

const readJson = (file: string): Json => JSON.parse(readFileSync(file, "utf8")) as Json;
const manifest = readJson("package.json");
const nls = readJson("package.nls.json");

/** The value at a path of keys; undefined where there is none. */
function at(value: Json | undefined, ...keys: readonly string[]): Json | undefined {
  let found = value;
  for (const key of keys) {
    if (found === null || typeof found !== "object" || Array.isArray(found)) return undefined;
    found = (found as Readonly<Record<string, Json>>)[key];
  }
  return found;
}

const list = (value: Json | undefined): readonly Json[] => (Array.isArray(value) ? value : []);
const entries = (value: Json | undefined): [string, Json][] =>
  value === null || typeof value !== "object" ? [] : Object.entries(value);

/** Every value below `value` with the key it stands under. */
function* strings(value: Json | undefined, key = ""): Generator<readonly [string, string]> {
  if (typeof value === "string") yield [key, value];
  else if (Array.isArray(value)) for (const item of value) yield* strings(item, key);
  else for (const [name, item] of entries(value)) yield* strings(item, name);
}

const sorted = (values: Iterable<string>): string[] => [...new Set(values)].sort();
const contributes = at(manifest, "contributes");
const commands = list(at(contributes, "commands"));
const text = (value: Json | undefined): string => (typeof value === "string" ? value : "");
const commandId = (entry: Json): string => text(at(entry, "command"));
const clauses = [...strings(contributes)]
  .filter(([key]) => key === "when" || key === "enablement")
  .map(([, clause]) => clause);
const matches = (texts: readonly string[], pattern: RegExp): string[] =>
  texts.flatMap((value) => [...value.matchAll(pattern)].map((match) => match[1] ?? match[0]));

describe("the manifest", () => {
  it("has exactly the commands of ids.ts", () => {
    assert.deepEqual(sorted(commands.map(commandId)), sorted(Object.values(COMMANDS)));
  });

  it("uses in menus, key bindings and welcome views only commands that it has", () => {
    const used = ["menus", "keybindings"]
      .flatMap((part) => [...strings(at(contributes, part))])
      .filter(([key]) => key === "command")
      .map(([, id]) => id);
    const links = [...strings(nls)].map(([, value]) => value);
    const linked = matches(links, /\(command:(streamside\.[\w.]+)/g);
    const known = new Set(commands.map(commandId));
    assert.deepEqual(
      sorted([...used, ...linked]).filter((id) => !known.has(id)),
      [],
    );
  });

  it("has exactly the views of ids.ts", () => {
    const views = entries(at(contributes, "views")).flatMap(([, items]) => list(items));
    assert.deepEqual(
      sorted(views.map((view) => text(at(view, "id")))),
      sorted(Object.values(VIEWS)),
    );
  });

  it("has exactly the settings of ids.ts, each with a default", () => {
    const { section, ...names } = SETTINGS;
    const properties = entries(at(contributes, "configuration", "properties"));
    assert.deepEqual(
      sorted(properties.map(([name]) => name)),
      sorted(Object.values(names).map((name) => `${section}.${name}`)),
    );
    const bare = properties.filter(([, property]) => at(property, "default") === undefined);
    assert.deepEqual(bare, []);
  });

  it("uses exactly the context keys, tree contexts and schemes of ids.ts", () => {
    const views = new Set<string>([...Object.values(VIEWS), ...Object.values(PANELS)]);
    const words = matches(clauses, /(?<![\w.])streamside\.[\w.]+/g);
    assert.deepEqual(
      sorted(words.filter((word) => !views.has(word))),
      sorted(Object.values(CONTEXT_KEYS)),
    );
    const items = clauses.flatMap((clause) => matches([clause], /viewItem\s*==\s*(\w+)/g));
    const alternatives = matches(clauses, /viewItem\s*=~\s*\/\^\(([\w|]+)\)\$\//g);
    assert.deepEqual(
      sorted([...items, ...alternatives.flatMap((words) => words.split("|"))]),
      sorted(Object.values(TREE_CONTEXT)),
    );
    assert.deepEqual(sorted(matches(clauses, /resourceScheme == (\w+)/g)), [MESSAGE_SCHEME]);
    const suffix = `resourceFilename =~ /${PRODUCE_SUFFIX.replaceAll(".", "\\.")}$/`;
    assert.ok(clauses.includes(suffix), `no menu for files that end in ${PRODUCE_SUFFIX}`);
  });

  it("wakes for every kind of panel, and never for everything", () => {
    const events = list(at(manifest, "activationEvents")).map(text);
    assert.deepEqual(
      sorted(matches(events, /^onWebviewPanel:(.+)$/g)),
      sorted(Object.values(PANELS)),
    );
    assert.ok(!events.includes("*"));
  });

  it("knows the documents of a topic's configuration by scheme and name, and saves them when told to only", () => {
    assert.ok(list(at(manifest, "activationEvents")).includes(`onFileSystem:${CONFIG_SCHEME}`));
    const language = list(at(contributes, "languages")).find(
      (one) => at(one, "id") === CONFIG_LANGUAGE,
    );
    assert.deepEqual(at(language, "extensions"), [CONFIG_SUFFIX]);
    const defaults = at(contributes, "configurationDefaults", `[${CONFIG_LANGUAGE}]`);
    assert.equal(at(defaults, "files.autoSave"), "off");
  });

  it("takes every text from package.nls.json, and uses every text there", () => {
    const used = matches(
      [...strings(manifest)].map(([, value]) => value),
      /^%([^%]+)%$/g,
    );
    assert.deepEqual(sorted(used), sorted(entries(nls).map(([key]) => key)));
    const texts = new Set(["title", "markdownDescription", "description", "name", "contents"]);
    const untranslated = [...strings(contributes)].filter(
      ([key, text]) => texts.has(key) && !text.startsWith("%") && text !== "Streamside",
    );
    assert.deepEqual(untranslated, []);
  });

  it("names files that exist", () => {
    const files = [...strings(manifest)]
      .map(([, value]) => value)
      .filter((value) => /^(\.\/)?media\//.test(value));
    assert.deepEqual(
      files.filter((file) => !existsSync(file)),
      [],
    );
  });
});
