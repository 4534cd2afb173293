import type { Problem } from "../problem.ts";

/** A library in the page, loaded. */
export interface Contestant {
  /** Opens the device and uploads all data, so that steps need no further data from the host. */
  open(problem: Problem): Promise<Training>;
}

/** A training of a problem; a run continues from the end of the previous one. */
export interface Training {
  readonly device: string;
  /** The maximum number of steps per call of `train`. */
  readonly maxSteps: number;
  /** Trains; returns the milliseconds from the first command until the last step's result is available. */
  train(steps: number): Promise<number>;
  /** The loss of the last training step, before its update. Called once after every `train`. */
  loss(): Promise<number>;
}

/**
 * Trains with a library whose steps are started one by one by the host: `step` starts one, `finish` waits for its
 * loss; an unused loss is passed to `drop`.
 */
export function stepByStep<Loss>(
  device: string,
  step: (number: number) => Loss,
  finish: (loss: Loss) => Promise<number>,
  drop: (loss: Loss) => void = () => {},
): Training {
  let done = 0;
  let lastLoss = Number.NaN;
  return {
    device,
    maxSteps: Number.MAX_SAFE_INTEGER,
    async train(steps) {
      const started = performance.now();
      for (let left = steps - 1; left > 0; left--) drop(step(done++));
      lastLoss = await finish(step(done++));
      return performance.now() - started;
    },
    loss: async () => lastLoss,
  };
}
