/** Does work while the page's run does not train. */
export type WithRun = (work: () => Promise<void>) => Promise<void>;

/**
 * The turn of the Worker's commands. It is held for a part of another training, so that the page's run does not train at the same time, and
 * commands for it wait only for that part.
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
