import * as vscode from "vscode";

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
  return [
    {
      name: "topic",
      value: '"$1"',
      about: vscode.l10n.t(
        "The topic of this document. It stands alone on the first line; without it the name of the file says it: `TOPIC.messages.jsonl`.",
      ),
    },
  ];
}
