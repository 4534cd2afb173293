/** A number of the training stopped being finite, so that nothing true could follow. */
export class DivergenceError extends Error {
  override readonly name = "DivergenceError";

  /** From 1. */
  readonly epoch: number;
  /** The first step of the epoch, from 1, after which a number was not finite. */
  readonly step: number;

  constructor(epoch: number, step: number) {
    super(
      `The training diverged in epoch ${epoch} at step ${step}: a weight or a loss is no longer a finite number; lower the learning rate.`,
    );
    this.epoch = epoch;
    this.step = step;
  }
}
