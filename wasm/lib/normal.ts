// Standard normal numbers from random words.
// Twin: shaders/lib/normal.wgsl.
import { cosineNearZero, log4, sineNearZero } from "./math";
import { unitInterval } from "./philox";

/** The radius of Box and Muller (1958). */
// @ts-ignore: decorator
@inline
export function radiusOf(words: v128): v128 {
  return f32x4.sqrt(f32x4.mul(f32x4.splat(-2), log4(unitInterval(words))));
}

/** The quarter turn nearest to an angle of 2 pi u, with u as in unitInterval: 0 to 4. */
// @ts-ignore: decorator
@inline
function quarterOf(words: v128): v128 {
  return i32x4.shr_u(i32x4.add(i32x4.shr_u(words, 9), i32x4.splat(1 << 20)), 21);
}

/** The angle's offset from its nearest quarter. */
// @ts-ignore: decorator
@inline
function beyondQuarter(words: v128, quarter: v128): v128 {
  const steps = f32x4.convert_i32x4_s(i32x4.sub(i32x4.shr_u(words, 9), i32x4.shl(quarter, 21)));
  return f32x4.mul(f32x4.add(steps, f32x4.splat(0.5)), f32x4.splat(6.283185307179586 / 8388608.0));
}

/** radius cos(2 pi u - pi). */
// @ts-ignore: decorator
@inline
export function acrossOf(radius: v128, words: v128): v128 {
  const quarter = quarterOf(words);
  const angle = beyondQuarter(words, quarter);
  const odd = i32x4.shr_s(i32x4.shl(quarter, 31), 31);
  const size = v128.bitselect(sineNearZero(angle), cosineNearZero(angle), odd);
  // For -cos(2 pi u), quarters 0 and 3 are negative.
  const minus = i32x4.shl(v128.andnot(i32x4.splat(2), i32x4.add(quarter, i32x4.splat(1))), 30);
  return f32x4.mul(radius, v128.xor(size, minus));
}

/** radius sin(2 pi u - pi). */
// @ts-ignore: decorator
@inline
export function upOf(radius: v128, words: v128): v128 {
  const quarter = quarterOf(words);
  const angle = beyondQuarter(words, quarter);
  const odd = i32x4.shr_s(i32x4.shl(quarter, 31), 31);
  const size = v128.bitselect(cosineNearZero(angle), sineNearZero(angle), odd);
  // For -sin(2 pi u), quarters 0 and 1 are negative.
  const minus = i32x4.shl(v128.andnot(i32x4.splat(2), quarter), 30);
  return f32x4.mul(radius, v128.xor(size, minus));
}

/** The polynomial's next coefficient: sum * w + coefficient. */
// @ts-ignore: decorator
@inline
function next(sum: v128, w: v128, coefficient: f32): v128 {
  return f32x4.add(f32x4.splat(coefficient), f32x4.mul(sum, w));
}

/**
 * The quantile of the standard normal distribution for probability u in (0, 1): Giles' polynomials in single precision
 * ("Approximating the erfinv function", GPU Computing Gems 2, 2011), with an error of 3e-7.
 */
export function normalQuantile(u: v128): v128 {
  const one = f32x4.splat(1);
  const depth = f32x4.neg(log4(f32x4.mul(f32x4.mul(f32x4.splat(4), u), f32x4.sub(one, u))));
  let w = f32x4.sub(depth, f32x4.splat(2.5));
  let near = f32x4.splat(2.81022636e-08);
  near = next(near, w, 3.43273939e-07);
  near = next(near, w, -3.5233877e-06);
  near = next(near, w, -4.39150654e-06);
  near = next(near, w, 0.00021858087);
  near = next(near, w, -0.00125372503);
  near = next(near, w, -0.00417768164);
  near = next(near, w, 0.246640727);
  near = next(near, w, 1.50140941);
  // For u = 0.5, the depth can be slightly below 0, so it is clamped before the square root.
  w = f32x4.sub(f32x4.sqrt(f32x4.max(depth, f32x4.splat(0))), f32x4.splat(3));
  let far = f32x4.splat(-0.000200214257);
  far = next(far, w, 0.000100950558);
  far = next(far, w, 0.00134934322);
  far = next(far, w, -0.00367342844);
  far = next(far, w, 0.00573950773);
  far = next(far, w, -0.0076224613);
  far = next(far, w, 0.00943887047);
  far = next(far, w, 1.00167406);
  far = next(far, w, 2.83297682);
  const scale = v128.bitselect(near, far, f32x4.lt(depth, f32x4.splat(5)));
  const side = f32x4.sub(f32x4.mul(f32x4.splat(2), u), one);
  return f32x4.mul(f32x4.mul(f32x4.splat(1.4142135623730951), scale), side);
}
