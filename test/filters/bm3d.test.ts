import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import type { Plane } from "../../src/data/plane.ts";
import { type Bm3dSettings, bm3d, bm3dSettings, denoiseBm3d } from "../../src/filters/bm3d.ts";
import {
  type BlockTransform,
  cosineTransform,
  invertGroup,
  kaiserWindow,
  splineTransform,
  transformGroup,
} from "../../src/filters/bm3d-transforms.ts";
import { mse } from "../../src/metrics/mse.ts";
import { MadeNumbers } from "../kernels/made-numbers.ts";
import { at, furthest, planeOf } from "./fixtures.ts";
import { corner, noisy, oddShapes, rounding } from "./transform-fixtures.ts";

/** A plane of test/fixtures/bm3d. */
function answer(name: string, rows = 20, columns = 24): Plane {
  const file = `../fixtures/bm3d/${name}.${rows}x${columns}.f32`;
  const bytes = readFileSync(fileURLToPath(new URL(file, import.meta.url)));
  return planeOf(rows, columns, (row, column) => bytes.readFloatLE(4 * (row * columns + column)));
}

const weak = answer("weak");

describe("known answers of the paper's definition in NumPy", () => {
  test("the normal profile", () => {
    expect(furthest(bm3d.apply(weak, 0.04), answer("weak-0.04"))).toBeLessThanOrEqual(2 * rounding);
  });

  test("the profile for strong noise, also in a plane with fewer columns than a block", () => {
    expect(furthest(bm3d.apply(noisy, 0.17), answer("noisy-0.17"))).toBeLessThanOrEqual(2 * rounding);
    expect(furthest(bm3d.apply(corner, 0.17), answer("noisy-0.17", 19, 9))).toBeLessThanOrEqual(2 * rounding);
  });

  test("search windows that end before the plane does", () => {
    const settings: Bm3dSettings = {
      sigma: 0.04,
      hard: {
        ...{ size: 4, stride: 3, distance: 3, most: 8, limit: 0.02, beta: 1 },
        transform: splineTransform(4),
        threshold: 2,
      },
      wiener: {
        ...{ size: 5, stride: 2, distance: 5, most: 16, limit: 0.005, beta: 3 },
        transform: cosineTransform(5),
      },
    };
    expect(furthest(denoiseBm3d(weak, settings), answer("weak-small-0.04"))).toBeLessThanOrEqual(
      2 * rounding,
    );
  });
});

describe("transforms", () => {
  /** The matrix product of forward and inverse. */
  const product = ({ size, forward, inverse }: BlockTransform) =>
    Float64Array.from({ length: size * size }, (_, place) => {
      const [row, column] = [Math.floor(place / size), place % size];
      let sum = 0;
      for (let k = 0; k < size; k++)
        sum += (forward[row * size + k] ?? 0) * (inverse[k * size + column] ?? 0);
      return sum;
    });
  const named: readonly (readonly [string, BlockTransform])[] = [
    ["spline wavelet of 8", splineTransform(8)],
    ["spline wavelet of 16", splineTransform(16)],
    ["DCT of 8", cosineTransform(8)],
    ["DCT of 11", cosineTransform(11)],
  ];

  test.each(named)("%s: the inverse is one, and every basis function has the norm 1", (_, transform) => {
    const { size, forward } = transform;
    product(transform).forEach((value, place) => {
      expect(value).toBeCloseTo(place % (size + 1) === 0 ? 1 : 0, 12);
    });
    for (let row = 0; row < size; row++) {
      expect(Math.hypot(...forward.subarray(row * size, (row + 1) * size))).toBeCloseTo(1, 12);
    }
    // Only the first coefficient of a constant line is not 0.
    for (let row = 0; row < size; row++) {
      const sum = forward.subarray(row * size, (row + 1) * size).reduce((total, value) => total + value, 0);
      expect(sum).toBeCloseTo(row === 0 ? Math.sqrt(size) : 0, 12);
    }
  });

  test("the details of the spline wavelet are those of its published filters", () => {
    const { forward } = splineTransform(8);
    // The coarser of two levels, from the analysis filters of 10 and of 2 taps, before scaling to the norm 1.
    const low = [3, -3, -22, 22, 128, 128, 22, -22, -3, 3].map((tap) => tap / 128 / Math.SQRT2);
    const second = Float64Array.from({ length: 8 }, (_, place) =>
      low.reduce((sum, tap, k) => {
        const first = (k + 8 - 4) % 8 === place ? tap : 0;
        const next = (k + 8 - 2) % 8 === place ? tap : 0;
        return sum + (first - next) / Math.SQRT2;
      }, 0),
    );
    const norm = Math.hypot(...second);
    expect([...forward.subarray(16, 24)]).toEqual(
      [...second].map((value) => expect.closeTo(value / norm, 12)),
    );
    const half = Math.SQRT1_2;
    expect([...forward.subarray(40, 48)]).toEqual(
      [0, 0, half, -half, 0, 0, 0, 0].map((value) => expect.closeTo(value, 12)),
    );
  });

  test("the Haar transform of a group keeps its energy, begins with the mean and has an inverse", () => {
    const [count, length] = [16, 3];
    const blocks = Float64Array.from({ length: count * length }, (_, place) => Math.sin(place ** 2));
    const spectra = blocks.slice();
    transformGroup(spectra, count, length);
    expect(Math.hypot(...spectra)).toBeCloseTo(Math.hypot(...blocks), 12);
    const sum = blocks.reduce((total, value, place) => (place % length === 1 ? total + value : total), 0);
    expect(spectra[1]).toBeCloseTo(sum / Math.sqrt(count), 12);
    invertGroup(spectra, count, length);
    expect([...spectra]).toEqual([...blocks].map((value) => expect.closeTo(value, 12)));
  });

  test("the Kaiser window has the weights of SciPy's kaiser(8, 2)", () => {
    const line = [
      0.43867628, 0.68132426, 0.87683991, 0.98582251, 0.98582251, 0.87683991, 0.68132426, 0.43867628,
    ];
    const weights = line.flatMap((down) => line.map((across) => expect.closeTo(down * across, 7)));
    expect([...kaiserWindow(8, 2)]).toEqual(weights);
  });
});

describe("parameters", () => {
  test("have a profile for noise up to a strength of 40 of 255 and one for stronger noise", () => {
    expect(bm3dSettings(40 / 255).wiener).toMatchObject({ size: 8, stride: 3 });
    expect(bm3dSettings(41 / 255).wiener).toMatchObject({ size: 11, stride: 6 });
    expect(bm3dSettings(100 / 255).hard.limit).toBeCloseTo(25000 / 255 ** 2, 12);
  });

  test("find similar blocks in noise of strength 1, which is stronger than the published limits allow", () => {
    const made = new MadeNumbers("strong noise");
    // Uniform noise with a standard deviation of 1.
    const plane = planeOf(40, 40, () => 0.5 + made.next(-Math.sqrt(3), Math.sqrt(3)));
    const grey = planeOf(40, 40, () => 0.5);
    const error = ({ values }: Plane) => Math.sqrt(mse(values, grey.values));
    expect(error(plane)).toBeGreaterThan(0.9);
    expect(error(bm3d.apply(plane, 1))).toBeLessThan(0.2);
  });
});

test.each(oddShapes)("denoises a step between two halves of %d x %d pixels and keeps it", (rows, columns) => {
  const made = new MadeNumbers(`${rows} x ${columns}`);
  const step = planeOf(rows, columns, (_, column) => (2 * column < columns ? 0.2 : 0.8));
  const plane = planeOf(rows, columns, (row, column) => at(step, row, column) + made.next(-0.1, 0.1));
  const output = bm3d.apply(plane, 0.1 / Math.sqrt(3));
  expect(output).toMatchObject({ rows, columns });
  // The mean of few pixels keeps much of their noise.
  expect(mse(output.values, step.values)).toBeLessThanOrEqual(mse(plane.values, step.values) + rounding);
  expect(furthest(output, step)).toBeLessThan(0.1);
});
