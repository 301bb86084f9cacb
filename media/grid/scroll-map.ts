/** Browsers do not lay out much higher elements, and less the more a window is zoomed. */
export const MAX_BODY_PX = 7_000_000;

/**
 * Where a list of rows is scrolled to. Up to MAX_BODY_PX the list is as high as its rows; a longer one is
 * not, and the scroll bar then stands for more than its pixels: the exact place is kept here.
 */
export class ScrollMap {
  #contentPx = 0;
  #viewPx = 0;
  #topPx = 0;

  /** Height of all rows, and of the part of them that is in view. */
  setSize(contentPx: number, viewPx: number): void {
    this.#contentPx = contentPx;
    this.#viewPx = viewPx;
    this.moveTo(this.#topPx);
  }

  /** Height of the element that stands for all rows. */
  get bodyPx(): number {
    return Math.min(this.#contentPx, MAX_BODY_PX);
  }

  /** Whether the scroll bar stands for more than its pixels. */
  get isScaled(): boolean {
    return this.#contentPx > MAX_BODY_PX;
  }

  /** First pixel of the rows that is in view. */
  get topPx(): number {
    return this.#topPx;
  }

  get isAtEnd(): boolean {
    return this.#topPx >= this.#mostPx - 1;
  }

  /** The `scrollTop` that stands for `topPx`. */
  get scrollTop(): number {
    return this.isScaled ? (this.#topPx / this.#mostPx) * this.#mostScroll : this.#topPx;
  }

  /** What has to be taken from a row's place among all rows to get its place in the element. */
  get shiftPx(): number {
    return this.#topPx - this.scrollTop;
  }

  moveTo(topPx: number): void {
    this.#topPx = Math.min(Math.max(0, topPx), this.#mostPx);
  }

  /** Takes a `scrollTop` from the browser; false when it is the one that stands for the place already. */
  scrolledTo(scrollTop: number): boolean {
    if (Math.abs(scrollTop - this.scrollTop) <= 1) return false;
    this.moveTo(this.isScaled ? (scrollTop / this.#mostScroll) * this.#mostPx : scrollTop);
    return true;
  }

  get #mostPx(): number {
    return Math.max(0, this.#contentPx - this.#viewPx);
  }

  get #mostScroll(): number {
    return Math.max(1, this.bodyPx - this.#viewPx);
  }
}
