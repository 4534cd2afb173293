// The losses of four pixels with logits z and network output y, and their derivatives with respect to z; slope is dy/dz.
// LOSS: 0 binary cross-entropy, 1 squared error (src/kernels/dense.ts). Twin: shaders/lib/loss.wgsl.
import { log4 } from "./math";

/**
 * The terms of four pixels, without the logarithm. Binary cross-entropy applies to a sigmoid and is computed from the
 * logit, max(z, 0) - z t + log(1 + exp(-|z|)), because the logarithm of y would overflow.
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
 * The arguments of the logarithms; `decayed` holds the exponentials, `inside` is 1 for a pixel and 0 past the end of its
 * row. They lie between 1 and 2, so one logarithm of the product of four is as accurate as the sum of four.
 */
// @ts-ignore: decorator
@inline
export function lossFactors(LOSS: u32, decayed: v128, inside: v128): v128 {
  return LOSS == 1 ? inside : f32x4.add(f32x4.splat(1), f32x4.mul(inside, decayed));
}

/** The logarithms of four rows' products; 0 for a squared error. */
// @ts-ignore: decorator
@inline
export function logarithmOf(LOSS: u32, products: v128): v128 {
  return LOSS == 1 ? f32x4.splat(0) : log4(products);
}

/** For the cross-entropy of a sigmoid, the slope y (1 - y) cancels against the denominator. */
// @ts-ignore: decorator
@inline
export function lossDerivatives(LOSS: u32, y: v128, slope: v128, clean: v128): v128 {
  const error = f32x4.sub(y, clean);
  return LOSS == 1 ? f32x4.mul(f32x4.mul(f32x4.splat(2), error), slope) : error;
}
