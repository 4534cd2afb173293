// Elementary functions of four f32 each, with errors of 1 to 2 units in the last place. The polynomials are from Moshier's
// Cephes library (logf.c, expf.c, sinf.c; netlib.org/cephes). None uses a fused multiply-add, so every build gives the same
// bits.

/** The polynomial's next coefficient: sum * x + coefficient. */
// @ts-ignore: decorator
@inline
function next(sum: v128, x: v128, coefficient: f32): v128 {
  return f32x4.add(f32x4.mul(sum, x), f32x4.splat(coefficient));
}

/** The natural logarithm of normal numbers above 0. */
// @ts-ignore: decorator
@inline
export function log4(numbers: v128): v128 {
  // numbers = 2^exponent (1 + x), with 1 + x between sqrt(1/2) and sqrt(2).
  const exponent = i32x4.shr_s(i32x4.sub(numbers, i32x4.splat(0x3f3504f3)), 23);
  const x = f32x4.sub(i32x4.sub(numbers, i32x4.shl(exponent, 23)), f32x4.splat(1));
  const twos = f32x4.convert_i32x4_s(exponent);
  const square = f32x4.mul(x, x);
  let sum = next(f32x4.splat(7.0376836292e-2), x, -1.151461031e-1);
  sum = next(sum, x, 1.167699874e-1);
  sum = next(sum, x, -1.2420140846e-1);
  sum = next(sum, x, 1.4249322787e-1);
  sum = next(sum, x, -1.6668057665e-1);
  sum = next(sum, x, 2.0000714765e-1);
  sum = next(sum, x, -2.4999993993e-1);
  sum = next(sum, x, 3.3333331174e-1);
  sum = f32x4.mul(f32x4.mul(sum, x), square);
  // ln 2 in two parts: the product with the upper one is exact.
  sum = f32x4.add(sum, f32x4.mul(twos, f32x4.splat(-2.1219444e-4)));
  sum = f32x4.sub(sum, f32x4.mul(square, f32x4.splat(0.5)));
  return f32x4.add(f32x4.add(x, sum), f32x4.mul(twos, f32x4.splat(0.693359375)));
}

/** The exponential of numbers up to 88; below -87 it is 0. */
// @ts-ignore: decorator
@inline
export function exp4(numbers: v128): v128 {
  // numbers = twos ln 2 + x. Adding 1.5 * 2^23 rounds a number to an integer, which is in the lowest bits of the sum.
  const shifted = next(numbers, f32x4.splat(1.44269504), 12582912);
  const twos = f32x4.sub(shifted, f32x4.splat(12582912));
  let x = f32x4.sub(numbers, f32x4.mul(twos, f32x4.splat(0.693359375)));
  x = f32x4.add(x, f32x4.mul(twos, f32x4.splat(2.1219444e-4)));
  let sum = next(f32x4.splat(1.98756915e-4), x, 1.3981999507e-3);
  sum = next(sum, x, 8.3334519073e-3);
  sum = next(sum, x, 4.1665795894e-2);
  sum = next(sum, x, 1.6666665459e-1);
  sum = next(sum, x, 5.0000001201e-1);
  sum = f32x4.add(f32x4.add(f32x4.mul(sum, f32x4.mul(x, x)), x), f32x4.splat(1));
  const power = i32x4.add(i32x4.shl(shifted, 23), i32x4.splat(0x3f800000));
  return v128.and(f32x4.mul(sum, power), f32x4.ge(numbers, f32x4.splat(-87)));
}

/** The exponential of one number: a lane of exp4. */
export function exp1(number: f32): f32 {
  return f32x4.extract_lane(exp4(f32x4.splat(number)), 0);
}

/** The sine of numbers between -pi/4 and pi/4. */
// @ts-ignore: decorator
@inline
export function sineNearZero(x: v128): v128 {
  const square = f32x4.mul(x, x);
  let sum = next(f32x4.splat(-1.9515295891e-4), square, 8.3321608736e-3);
  sum = next(sum, square, -1.6666654611e-1);
  return f32x4.add(f32x4.mul(f32x4.mul(sum, square), x), x);
}

/** The cosine of numbers between -pi/4 and pi/4. */
// @ts-ignore: decorator
@inline
export function cosineNearZero(x: v128): v128 {
  const square = f32x4.mul(x, x);
  let sum = next(f32x4.splat(2.443315711809948e-5), square, -1.388731625493765e-3);
  sum = next(sum, square, 4.166664568298827e-2);
  sum = f32x4.sub(f32x4.mul(f32x4.mul(sum, square), square), f32x4.mul(square, f32x4.splat(0.5)));
  return f32x4.add(sum, f32x4.splat(1));
}
