/** Two columns of numbers that grow together, with a binary search over the first. Both only ever rise. */
export class SparseIndex {
  #keys: Float64Array;
  #values: Float64Array;
  #length = 0;

  constructor(capacity = 16) {
    this.#keys = new Float64Array(capacity);
    this.#values = new Float64Array(capacity);
  }

  get length(): number {
    return this.#length;
  }

  append(key: number, value: number): void {
    if (this.#length === this.#keys.length) this.#grow();
    this.#keys[this.#length] = key;
    this.#values[this.#length] = value;
    this.#length++;
  }

  keyAt(i: number): number {
    return this.#keys[i] ?? Number.NaN;
  }

  valueAt(i: number): number {
    return this.#values[i] ?? Number.NaN;
  }

  /** Place of the last entry whose key is below `key` (or equal to it, when `inclusive`); -1 if none. */
  floor(key: number, inclusive: boolean): number {
    let low = 0;
    let high = this.#length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const candidate = this.keyAt(middle);
      if (candidate < key || (inclusive && candidate === key)) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }

  #grow(): void {
    const keys = new Float64Array(this.#keys.length * 2);
    const values = new Float64Array(keys.length);
    keys.set(this.#keys);
    values.set(this.#values);
    this.#keys = keys;
    this.#values = values;
  }
}
