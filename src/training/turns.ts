/** Gives work its turn: each piece begins when those before it are done, however they ended. */
export class Turns {
  #latest: Promise<unknown> = Promise.resolve();
  #waiting = 0;

  /** Pieces of work whose turn has not come. */
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
