/** The training diverged. */
export class DivergenceError extends Error {
  /** Identifies the error where `instanceof` does not work. */
  override readonly name = "DivergenceError";

  /** From 1. */
  readonly epoch: number;
  /** The first affected step of the epoch, from 1. */
  readonly step: number;

  /** `what` is the event, as a part of the sentence. */
  constructor(epoch: number, step: number, what = "a weight or a loss is no longer a finite number") {
    super(
      `The training diverged in epoch ${epoch} at step ${step}: ${what}; choose another initialization, or lower the learning rate.`,
    );
    this.epoch = epoch;
    this.step = step;
  }
}
