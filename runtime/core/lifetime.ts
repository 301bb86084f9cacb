/** Something that holds a resource until it is disposed. Disposing twice is harmless. */
export interface Disposable {
  dispose(): void;
}

/**
 * Owner of disposables. Register a resource on the line that creates it; the owner disposes in
 * reverse order of registration, and disposes at once whatever arrives after its own end.
 */
export class Lifetime implements Disposable {
  readonly #owned: Disposable[] = [];
  #disposed = false;

  get disposed(): boolean {
    return this.#disposed;
  }

  /** Takes ownership of `resource` and returns it. */
  own<T extends Disposable>(resource: T): T {
    if (this.#disposed) resource.dispose();
    else this.#owned.push(resource);
    return resource;
  }

  /** Runs `action` when this lifetime ends, or now if it already has. */
  onDispose(action: () => void): void {
    this.own({ dispose: action });
  }

  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    for (const resource of this.#owned.splice(0).reverse()) resource.dispose();
  }
}
