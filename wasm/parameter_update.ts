// Ends a training step of a network of convolutions: adds the parts of the gradient, applies the optimizer's update to every weight and
// bias, and stores the step's metrics. For dense networks see weight_update.ts.
//
//   sizes       PartSizes
//   sweep       Sweep
//   optimizer   Optimizer
//   partials    [imageWords, rowQuads, 2] quad      from conv_loss
//   rates       [steps] two numbers                 for each step of the sweep: see lib/optimizer.ts
//   parts       [splits, parameters]                from conv_gradient
//   parameters  W and bias of every layer
//   moments     [2] quads per quad of parameters    squared gradients, others: see lib/optimizer.ts
//   metrics     [count] two numbers                 (loss, mean squared error) in visiting order
//   cursor      Cursor
//
// Job: 64 quads of parameters, or groups of 4 images of the batch after them.
// Twin: shaders/parameter_update.wgsl. Reference: src/reference/parameter-update.ts
import { storeMetrics } from "./lib/batch_metrics";
import { quadAt } from "./lib/layer";
import { Optimizer, optimize } from "./lib/optimizer";
import { Cursor, Sweep } from "./lib/sweep";

// @ts-ignore: decorator
@unmanaged
class PartSizes {
  quads: u32; // of all parameters
  splits: u32; // parts of the gradient
}

export function parameter_update(
  first: u32,
  end: u32,
  across: u32,
  sizes: PartSizes,
  sweep: Sweep,
  optimizer: Optimizer,
  partials: usize,
  rates: usize,
  parts: usize,
  parameters: usize,
  moments: usize,
  metrics: usize,
  cursor: Cursor,
  OPTIMIZER: u32,
): void {
  const step = cursor.current;
  const rate = v128.load32_splat(rates + 8 * <usize>step);
  const correction = v128.load32_splat(rates + 8 * <usize>step, 4);
  const infinity = i32x4.splat(0x7f800000);
  const stride = 16 * <usize>sizes.quads;
  let unsound = i32x4.splat(0);
  const last = min<u32>(64 * end, sizes.quads + sweep.rowQuads);
  for (let id: u32 = 64 * first; id < last; id++) {
    if (id >= sizes.quads) {
      storeMetrics(id - sizes.quads, sweep, cursor, partials, metrics);
      if (id == sizes.quads) cursor.next = step + 1;
      continue;
    }
    let gradient = f32x4.splat(0);
    let part = quadAt(parts, id);
    for (let split: u32 = 0; split < sizes.splits; split++) {
      gradient = f32x4.add(gradient, v128.load(part));
      part += stride;
    }
    const weight = optimize(
      OPTIMIZER,
      optimizer,
      rate,
      correction,
      quadAt(parameters, id),
      quadAt(moments, 2 * id),
      gradient,
    );
    unsound = v128.or(unsound, i32x4.eq(v128.and(weight, infinity), infinity));
  }
  // All threads that write it in a launch write the same step.
  if (v128.any_true(unsound) && step < cursor.trouble) cursor.trouble = step;
}
