// The losses of four pixels with logits z and network output y, and their derivatives by z; slope is dy/dz.
// LOSS: 0 binary cross-entropy, 1 squared error (src/kernels/dense.ts). Twin: shaders/lib/loss.wgsl.
import { log4 } from "./math";

/**
 * The terms of four pixels, but for a logarithm: binary cross-entropy is of a sigmoid, and comes from its logit,
 * max(z, 0) - z t + log(1 + exp(-|z|)), since the logarithm of y would overflow.
 */
// @ts-ignore: decorator
@inline
export function lossTerms(LOSS: u32, z: v128, y: v128, clean: v128): v128 {
  if (LOSS == 1) {
    const error = f32x4.sub(y, clean);
    return f32x4.mul(error, error);
  }
  return f32x4.sub(f32x4.max(z, f32x4.splat(0)), f32x4.mul(z, clean));
}

/**
 * What the logarithms are of; `decayed` has the exponentials, `inside` is 1 for a pixel and 0 behind the end of its row. They lie
 * between 1 and 2, so the logarithm of the product of four is as good as the sum of their logarithms, and is one instead of four.
 */
// @ts-ignore: decorator
@inline
export function lossFactors(LOSS: u32, decayed: v128, inside: v128): v128 {
  return LOSS == 1 ? inside : f32x4.add(f32x4.splat(1), f32x4.mul(inside, decayed));
}

/** The logarithms of four rows' products; there is none in a squared error. */
// @ts-ignore: decorator
@inline
export function logarithmOf(LOSS: u32, products: v128): v128 {
  return LOSS == 1 ? f32x4.splat(0) : log4(products);
}

/** For the cross-entropy of a sigmoid, whose slope is y (1 - y), what would be divided by it has been cancelled. */
// @ts-ignore: decorator
@inline
export function lossDerivatives(LOSS: u32, y: v128, slope: v128, clean: v128): v128 {
  const error = f32x4.sub(y, clean);
  return LOSS == 1 ? f32x4.mul(f32x4.mul(f32x4.splat(2), error), slope) : error;
}
