// The losses of four pixels with logits z and network output y, and their derivatives by z; slope is dy/dz.
// LOSS: 0 binary cross-entropy, 1 squared error (src/kernels/dense.ts). Twin: shaders/lib/loss.wgsl.
import { log4 } from "./math";

/**
 * The terms of four pixels; `inside` is 1 for a pixel and 0 behind the end of its row. Binary cross-entropy is of a sigmoid, and
 * comes from its logit, max(z, 0) - z t + log(1 + exp(-|z|)): the logarithm of y would overflow.
 */
// @ts-ignore: decorator
@inline
export function lossTerms(LOSS: u32, z: v128, decayed: v128, y: v128, clean: v128, inside: v128): v128 {
  if (LOSS == 1) {
    const error = f32x4.sub(y, clean);
    return f32x4.mul(inside, f32x4.mul(error, error));
  }
  const term = f32x4.sub(f32x4.max(z, f32x4.splat(0)), f32x4.mul(z, clean));
  return f32x4.mul(inside, f32x4.add(term, log4(f32x4.add(f32x4.splat(1), decayed))));
}

/** For the cross-entropy of a sigmoid, whose slope is y (1 - y), what would be divided by it has been cancelled. */
// @ts-ignore: decorator
@inline
export function lossDerivatives(LOSS: u32, y: v128, slope: v128, clean: v128): v128 {
  const error = f32x4.sub(y, clean);
  return LOSS == 1 ? f32x4.mul(f32x4.mul(f32x4.splat(2), error), slope) : error;
}
