/** Runs work in turns: each piece starts when those before it have settled. */
export class Turns {
  #latest: Promise<unknown> = Promise.resolve();
  #waiting = 0;

  /** The number of pieces of work that are waiting. */
  get waiting(): number {
    return this.#waiting;
  }

  take<T>(work: () => Promise<T>): Promise<T> {
    this.#waiting += 1;
    const turn = this.#latest.then(() => {
      this.#waiting -= 1;
      return work();
    });
    this.#latest = turn.catch(() => {});
    return turn;
  }
}
