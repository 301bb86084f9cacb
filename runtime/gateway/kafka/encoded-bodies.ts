/** Forms of one answer that are kept: what clients of a few versions get on a few endpoints. */
const MAX_FORMS = 8;

/** Keeps encoded response bodies for as long as what they tell holds. */
export class EncodedBodies {
  readonly #bodies = new Map<string, Buffer[]>();
  #state = -1;

  /** The body of `form` at `state`, made by `encode` when it is not there or of another state. */
  get(state: number, form: string, encode: () => Buffer[]): Buffer[] {
    if (state !== this.#state) this.#bodies.clear();
    this.#state = state;
    const known = this.#bodies.get(form);
    if (known !== undefined) return known;
    if (this.#bodies.size >= MAX_FORMS) this.#bodies.clear();
    const body = encode();
    this.#bodies.set(form, body);
    return body;
  }
}
