import * as vscode from "vscode";
import type { Placeholder } from "../../runtime/api/placeholders.ts";

/** A word that a produce document knows: what completion writes for it and what it means. */
export interface Word {
  readonly name: string;
  /** What follows the name, as a snippet. */
  readonly value: string;
  readonly about: string;
}

/** The members of a message, as jsonl.ts of the contract reads them. */
export function messageWords(): readonly Word[] {
  const { t } = vscode.l10n;
  return [
    {
      name: "key",
      value: '"$1"',
      about: t(
        "The key: a string, whose UTF-8 is produced, or null, which is also what is meant without it. Messages with the same key go to the same partition.",
      ),
    },
    {
      name: "value",
      value: "{$1}",
      about: t(
        "The value: a string means its text in UTF-8, null a tombstone, any other JSON exactly what is written here, to the last digit and space.",
      ),
    },
    {
      name: "headers",
      value: '{"$1": "$2"}',
      about: t(
        'Headers in their order: an object, or a list of pairs, in which names may repeat. Each is a string, null, or `{"base64": "..."}` for other bytes.',
      ),
    },
    {
      name: "partition",
      value: "${1:0}",
      about: t(
        "The partition. Without it the key decides, as Kafka's own producer has it, or without a key the partitions take turns.",
      ),
    },
    {
      name: "timestamp",
      value: '"$1"',
      about: t(
        "When it happened: ISO 8601 with its zone, such as `2024-06-11T08:00:00Z`, or milliseconds since 1970. Now without it.",
      ),
    },
    {
      name: "keyBase64",
      value: '"$1"',
      about: t("In place of `key`: its bytes in base64 with padding, for what is not text."),
    },
    {
      name: "valueBase64",
      value: '"$1"',
      about: t("In place of `value`: its bytes in base64 with padding, for what is not text."),
    },
  ];
}

/** Members that peek prints and that are read over. */
export function ignoredWords(): readonly Word[] {
  const about = vscode.l10n.t(
    "Where the message was read. It is of no account when it is produced.",
  );
  return ["offset", "timestampType"].map((name) => ({ name, value: "", about }));
}

/** The members of the first line of a document, when that is no message. */
export function settingsWords(): readonly Word[] {
  const { t } = vscode.l10n;
  return [
    {
      name: "topic",
      value: '"$1"',
      about: t(
        "The topic of this document. It stands on the first line, which is no message then; without it the name of the file says it: `TOPIC.messages.jsonl`.",
      ),
    },
    {
      name: "template",
      value: '{"seed": ${1:1}}',
      about: t(
        'Makes a template of this document: `{{...}}` in its strings is made up anew for every message. `{"template": {"seed": 42, "count": 1000, "rate": 50}}`; `{"template": {}}` is enough.',
      ),
    },
  ];
}

/** The members of `template` in the settings. */
export function templateWords(): readonly Word[] {
  const { t } = vscode.l10n;
  return [
    {
      name: "seed",
      value: "${1:1}",
      about: t("A whole number. The same seed gives the same messages; it is 1 without this."),
    },
    { name: "count", value: "${1:1000}", about: t("How many messages are produced.") },
    {
      name: "rate",
      value: "${1:100}",
      about: t("Messages per second; without it as fast as the lab takes them."),
    },
    {
      name: "now",
      value: '"$1"',
      about: t("Around which the times lie that are made up: the beginning of 2026 without this."),
    },
  ];
}

/** A placeholder as one writes it, and what it gives. */
export function placeholderAbout({ name, args, example }: Placeholder): string {
  const names = args === "choices" ? ["'a'", "'b'", "..."] : args.map(({ name }) => name);
  const usage = names.length === 0 ? name : `${name}(${names.join(", ")})`;
  return vscode.l10n.t("`{0}` gives, for example, `{1}`.", `{{${usage}}}`, example);
}
