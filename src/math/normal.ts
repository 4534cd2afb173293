import { unitInterval, type Words4 } from "./philox.ts";

/**
 * Four independent standard normal numbers from four random words (Box and Muller 1958).
 * The angle is in (-pi, pi), where WGSL bounds the error of sin and cos. The reference for shaders/lib/normal.wgsl.
 */
export function normal4(words: Words4): [number, number, number, number] {
  const radius0 = Math.sqrt(-2 * Math.log(unitInterval(words[0])));
  const radius1 = Math.sqrt(-2 * Math.log(unitInterval(words[2])));
  const angle0 = 2 * Math.PI * unitInterval(words[1]) - Math.PI;
  const angle1 = 2 * Math.PI * unitInterval(words[3]) - Math.PI;
  return [
    radius0 * Math.cos(angle0),
    radius0 * Math.sin(angle0),
    radius1 * Math.cos(angle1),
    radius1 * Math.sin(angle1),
  ];
}

/** Giles' polynomials, highest power first: in depth - 2.5 for a depth below 5, in sqrt(depth) - 3 above. */
const near = [
  2.81022636e-8, 3.43273939e-7, -3.5233877e-6, -4.39150654e-6, 0.00021858087, -0.00125372503, -0.00417768164,
  0.246640727, 1.50140941,
];
const far = [
  -0.000200214257, 0.000100950558, 0.00134934322, -0.00367342844, 0.00573950773, -0.0076224613, 0.00943887047,
  1.00167406, 2.83297682,
];

/**
 * The quantile of the standard normal distribution for probability u in (0, 1), with an error of 3e-7 (Giles,
 * "Approximating the erfinv function", GPU Computing Gems 2, 2011). The reference for `normalQuantile` in
 * shaders/lib/normal.wgsl.
 */
export function normalQuantile(u: number): number {
  const depth = -Math.log(4 * u * (1 - u));
  const scale =
    depth < 5
      ? near.reduce((sum, factor) => sum * (depth - 2.5) + factor, 0)
      : far.reduce((sum, factor) => sum * (Math.sqrt(depth) - 3) + factor, 0);
  return Math.SQRT2 * scale * (2 * u - 1);
}
