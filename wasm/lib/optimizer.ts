// The optimizers. `moments` holds two running means per weight: for Adadelta, of the squared gradients and of the squared
// updates; for Adam, of the squared gradients and of the gradients. OPTIMIZER: 0 Adadelta, 1 Adam
// (src/kernels/optimizer.ts).
// Twin: shaders/lib/optimizer.wgsl, which explains the pairs.

// @ts-ignore: decorator
@unmanaged
export class Optimizer {
  squaresKept: f32;
  squaresAdded: f32;
  othersKept: f32;
  othersAdded: f32;
  epsilon: f32;
}

/**
 * Updates four weights with gradient g, and their moments (two quads). `rate` and `correction` are for the step: the
 * learning rate and Adam's bias correction. Returns the weights.
 */
// @ts-ignore: decorator
@inline
export function optimize(
  OPTIMIZER: u32,
  optimizer: Optimizer,
  rate: v128,
  correction: v128,
  parameter: usize,
  moment: usize,
  g: v128,
): v128 {
  const epsilon = f32x4.splat(optimizer.epsilon);
  const others = v128.load(moment, 16);
  const squares = f32x4.add(
    f32x4.mul(f32x4.splat(optimizer.squaresKept), v128.load(moment)),
    f32x4.mul(f32x4.mul(f32x4.splat(optimizer.squaresAdded), g), g),
  );
  const keptOthers = f32x4.mul(f32x4.splat(optimizer.othersKept), others);
  const othersAdded = f32x4.splat(optimizer.othersAdded);
  let update: v128;
  let newOthers: v128;
  if (OPTIMIZER == 1) {
    newOthers = f32x4.add(keptOthers, f32x4.mul(othersAdded, g));
    update = f32x4.div(newOthers, f32x4.add(f32x4.mul(correction, f32x4.sqrt(squares)), epsilon));
  } else if (OPTIMIZER == 0) {
    const ratio = f32x4.div(f32x4.add(others, epsilon), f32x4.add(squares, epsilon));
    update = f32x4.mul(g, f32x4.sqrt(ratio));
    newOthers = f32x4.add(keptOthers, f32x4.mul(f32x4.mul(othersAdded, update), update));
  } else {
    // An optimizer without a case changes no weight.
    newOthers = others;
    update = f32x4.splat(0);
  }
  const weight = f32x4.sub(v128.load(parameter), f32x4.mul(rate, update));
  v128.store(parameter, weight);
  v128.store(moment, squares);
  v128.store(moment, newOthers, 16);
  return weight;
}
