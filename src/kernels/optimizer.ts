import {
  forOptimizer,
  type OptimizerName,
  type OptimizerSpec,
  type OptimizerTable,
} from "../spec/optimizer.ts";
import { type ScheduleSpec, scheduleFactor } from "../spec/schedule.ts";

/** `OPTIMIZER` in shaders/lib/optimizer.wgsl. */
export const optimizerConstants = { adadelta: 0, adam: 1 } as const satisfies Record<OptimizerName, number>;

/** The settings of an optimizer for shaders/lib/optimizer.wgsl, except epsilon. */
interface ShaderSettings {
  /** The decay rates of the running means: `squares.x` and `others.x` of `struct Optimizer`. */
  readonly keeps: readonly [squares: number, others: number];
  /** The two rates of a step: `lr` is the schedule's learning rate, `step` counts from 1 in the run. */
  readonly rates: (lr: number, step: number) => readonly [number, number];
  /** Whether these change from step to step at a constant learning rate. */
  readonly ratesChange: boolean;
}

const shaderSettings: OptimizerTable<ShaderSettings> = {
  adadelta: ({ rho }) => ({ keeps: [rho, rho], rates: (lr) => [lr, 1], ratesChange: false }),
  adam: ({ beta1, beta2 }) => ({
    keeps: [beta2, beta1],
    // The bias corrections for running means that start at zero.
    rates: (lr, step) => [lr / (1 - beta1 ** step), 1 / Math.sqrt(1 - beta2 ** step)],
    ratesChange: true,
  }),
};

/** `struct Optimizer` in shaders/lib/optimizer.wgsl; the last three words are padding. */
export function optimizerUniform(optimizer: OptimizerSpec): Float32Array<ArrayBuffer> {
  const [squares, others] = forOptimizer(shaderSettings, optimizer).keeps;
  return Float32Array.from([squares, 1 - squares, others, 1 - others, optimizer.epsilon, 0, 0, 0]);
}

/** Whether `stepRates` differs from epoch to epoch. */
export function stepRatesChange(optimizer: OptimizerSpec, schedule: ScheduleSpec): boolean {
  return schedule.kind !== "constant" || forOptimizer(shaderSettings, optimizer).ratesChange;
}

/**
 * The rates for shaders/lib/optimizer.wgsl in each step of an epoch (from 0), [steps, 2]. They are computed here in
 * float64, where neither the cosine nor 1 - beta^t loses digits.
 */
export function stepRates(
  optimizer: OptimizerSpec,
  schedule: ScheduleSpec,
  run: { readonly epoch: number; readonly epochs: number; readonly stepsPerEpoch: number },
): Float32Array<ArrayBuffer> {
  const { epoch, epochs, stepsPerEpoch } = run;
  const { rates } = forOptimizer(shaderSettings, optimizer);
  const values = new Float32Array(2 * stepsPerEpoch);
  for (let index = 0; index < stepsPerEpoch; index++) {
    const step = epoch * stepsPerEpoch + index;
    const lr = optimizer.lr * scheduleFactor(schedule, { step, steps: epochs * stepsPerEpoch, epoch });
    values.set(rates(lr, step + 1), 2 * index);
  }
  return values;
}
