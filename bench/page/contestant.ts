import type { Problem } from "../problem.ts";

/** A library in the page, loaded. */
export interface Contestant {
  /** Opens the device and brings all data to it, so that steps need no more of the host. */
  open(problem: Problem): Promise<Training>;
}

/** A problem under training; a run goes on where the last one ended. */
export interface Training {
  readonly device: string;
  /** The most steps that `train` takes at once. */
  readonly maxSteps: number;
  /** Trains; the milliseconds from the first command to the moment when the last step's result is there. */
  train(steps: number): Promise<number>;
  /** The loss of the last step that was trained, before its update. Asked for once after every `train`. */
  loss(): Promise<number>;
}

/**
 * Trains with a library whose steps the host starts one by one: `step` starts one, `finish` waits for its loss; a loss that
 * is not asked for goes to `drop`.
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
