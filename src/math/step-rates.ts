import type { OptimizerSpec } from "../spec/optimizer.ts";
import { type ScheduleSpec, scheduleFactor } from "../spec/schedule.ts";

/**
 * What shaders/lib/optimizer.wgsl needs to know of each step of an epoch (from 0), [steps, 2]: computed here in float64,
 * where neither the cosine nor 1 - beta^t loses digits.
 *
 * Adadelta  (lr, 1)
 * Adam      (lr / (1 - beta1^t), 1 / sqrt(1 - beta2^t)), t the step's number in the run, from 1
 */
export function stepRates(
  optimizer: OptimizerSpec,
  schedule: ScheduleSpec,
  run: { readonly epoch: number; readonly epochs: number; readonly stepsPerEpoch: number },
): Float32Array<ArrayBuffer> {
  const { epoch, epochs, stepsPerEpoch } = run;
  const rates = new Float32Array(2 * stepsPerEpoch);
  for (let index = 0; index < stepsPerEpoch; index++) {
    const step = epoch * stepsPerEpoch + index;
    const lr = optimizer.lr * scheduleFactor(schedule, { step, steps: epochs * stepsPerEpoch, epoch });
    rates.set(optimizer.name === "adam" ? adamRates(optimizer, lr, step + 1) : [lr, 1], 2 * index);
  }
  return rates;
}

function adamRates({ beta1, beta2 }: { beta1: number; beta2: number }, lr: number, t: number) {
  return [lr / (1 - beta1 ** t), 1 / Math.sqrt(1 - beta2 ** t)];
}
