/** Which decoder a person chose for the keys or the values of a topic. */
export interface DecoderChoice {
  /** Its id, as the lab knows it. */
  readonly decoder: string;
  /** The file with the schema, as a URI, for those that need one. */
  readonly schemaUri?: string | undefined;
}

export type Side = "key" | "value";

/** What keeps values with the workspace, as VS Code does. */
export interface Memento {
  get(key: string): unknown;
  update(key: string, value: unknown): Thenable<void>;
}

const STATE_KEY = "streamside.decoders";
/** Choices that are remembered; the oldest go. */
const MAX_CHOICES = 500;

/** The decoders chosen in this workspace, by topic and side. */
export class DecoderChoices {
  readonly #state: Memento;

  constructor(state: Memento) {
    this.#state = state;
  }

  /** Undefined where nothing was chosen: whatever reads the bytes. */
  get(topic: string, side: Side): DecoderChoice | undefined {
    return this.#all().get(keyOf(topic, side));
  }

  /** Remembers a choice; undefined takes it back. */
  async set(topic: string, side: Side, choice: DecoderChoice | undefined): Promise<void> {
    const all = this.#all();
    const key = keyOf(topic, side);
    all.delete(key);
    if (choice !== undefined) all.set(key, choice);
    await this.#state.update(STATE_KEY, Object.fromEntries([...all].slice(-MAX_CHOICES)));
  }

  #all(): Map<string, DecoderChoice> {
    const kept = this.#state.get(STATE_KEY);
    const entries = typeof kept === "object" && kept !== null ? Object.entries(kept) : [];
    const choices = entries.flatMap(([key, value]): [string, DecoderChoice][] =>
      isChoice(value) ? [[key, value]] : [],
    );
    return new Map(choices);
  }
}

/** No name of a topic has a slash. */
function keyOf(topic: string, side: Side): string {
  return `${topic}/${side}`;
}

function isChoice(value: unknown): value is DecoderChoice {
  return (
    typeof value === "object" &&
    value !== null &&
    "decoder" in value &&
    typeof value.decoder === "string"
  );
}
