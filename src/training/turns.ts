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

/** Does work while the run does not train. */
export type WithRun = (work: () => Promise<void>) => Promise<void>;

/**
 * A run's turn, held for a part of another training: the two do not train at the same time, and what waits for the run waits only for
 * that part.
 */
export class RunTurn {
  readonly #withRun: WithRun;
  #end: (() => void) | undefined;

  constructor(withRun: WithRun) {
    this.#withRun = withRun;
  }

  /** Resolves when it is the other training's turn; throws if turns cannot be taken. */
  take(): Promise<void> {
    return new Promise((resolve, reject) => {
      const held = () =>
        new Promise<void>((end) => {
          this.#end = end;
          resolve();
        });
      this.#withRun(held).catch(reject);
    });
  }

  release(): void {
    this.#end?.();
    this.#end = undefined;
  }
}
