// Twin: shaders/lib/sigmoid.wgsl.
import { exp4 } from "./math";

/** exp(-|z|): the only exponential that the sigmoid and the cross-entropy need; it cannot overflow. */
// @ts-ignore: decorator
@inline
export function decay(z: v128): v128 {
  return exp4(f32x4.neg(f32x4.abs(z)));
}

/** 1 / (1 + exp(-z)), from z and its decay. */
// @ts-ignore: decorator
@inline
export function sigmoid(z: v128, decayed: v128): v128 {
  const one = f32x4.splat(1);
  const numerator = v128.bitselect(one, decayed, f32x4.ge(z, f32x4.splat(0)));
  return f32x4.div(numerator, f32x4.add(one, decayed));
}
