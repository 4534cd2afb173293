import { describe, expect, test } from "vitest";
import { denoiseWavelet, wavelet } from "../../src/filters/wavelet.ts";
import { haar, joinLevel, splitLevel, type Wavelet } from "../../src/filters/wavelet-transform.ts";
import { at, furthest, planeOf } from "./fixtures.ts";
import { answerFor, corner, cornerOf, noisy, oddShapes, rounding, views } from "./transform-fixtures.ts";

/** Daubechies 1988, two vanishing moments: twice as long as Haar's, so that the bands extend over the edges. */
const daubechies2: Wavelet = [1 + Math.sqrt(3), 3 + Math.sqrt(3), 3 - Math.sqrt(3), 1 - Math.sqrt(3)].map(
  (value) => value / (4 * Math.SQRT2),
);

const wavelets = { haar, db2: daubechies2 };

describe("known answers of scikit-image's denoise_wavelet under cycle_spin", () => {
  test.each([
    ["haar", 1, 0, 0.1],
    ["haar", 2, 3, 0.2],
    ["db2", 2, 0, 0.2],
    ["db2", 3, 1, 0.1],
  ] as const)("%s, %d levels, %d shifts, sigma %d", (name, levels, shifts, sigma) => {
    for (const plane of [noisy, corner]) {
      const output = denoiseWavelet(plane, { sigma, wavelet: wavelets[name], levels, shifts });
      const answer = answerFor(plane, `wavelet-${name}-${levels}-${shifts}-${sigma}`);
      expect(furthest(output, answer)).toBeLessThanOrEqual(2 * rounding);
    }
  });

  test("strength 0.2 of a small picture is Haar's wavelet, 2 levels, 3 shifts", () => {
    expect(furthest(wavelet.apply(noisy, 0.2), answerFor(noisy, "wavelet-haar-2-3-0.2"))).toBeLessThanOrEqual(
      2 * rounding,
    );
  });
});

describe.each(Object.entries(wavelets))("the transform by %s", (_, filter) => {
  test.each(oddShapes)("of %d x %d pixels is inverted exactly", (rows, columns) => {
    const values = Float64Array.from({ length: rows * columns }, (_, pixel) => ((7 * pixel) % 13) / 13);
    const back = joinLevel(splitLevel({ rows, columns, values }, filter), filter);
    expect([back.rows, back.columns]).toEqual([rows, columns]);
    for (const [pixel, value] of values.entries()) expect(back.values[pixel]).toBeCloseTo(value, 14);
  });

  test("keeps the energy of a picture if mirroring at the edges has no effect", () => {
    const values = new Float64Array(16 * 16);
    values[7 * 16 + 8] = 3;
    values[8 * 16 + 8] = -4;
    const { approximation, details } = splitLevel({ rows: 16, columns: 16, values }, filter);
    const energies = [approximation, ...details].map((band) =>
      band.values.reduce((sum, x) => sum + x * x, 0),
    );
    expect(energies.reduce((sum, energy) => sum + energy, 0)).toBeCloseTo(25, 12);
  });
});

describe("a transformed picture", () => {
  // Mirroring moves the grid of pairs, unless 2^levels divides the sides; circular shifts have only one direction.
  const unshifted = { sigma: 0.2, wavelet: haar, levels: 2, shifts: 0 };

  test.each(views)("%s gives the output %s, by Haar's wavelet", (_, view) => {
    expect(
      furthest(denoiseWavelet(view(noisy), unshifted), view(denoiseWavelet(noisy, unshifted))),
    ).toBeLessThanOrEqual(2 * rounding);
  });

  test.each(views.slice(0, 1))("%s gives the output %s, by any wavelet and with shifts", (_, view) => {
    const settings = { sigma: 0.2, wavelet: daubechies2, levels: 3, shifts: 2 };
    expect(
      furthest(denoiseWavelet(view(noisy), settings), view(denoiseWavelet(noisy, settings))),
    ).toBeLessThanOrEqual(2 * rounding);
  });
});

test("pure noise leaves the means of 4 x 4 pixels, by two levels of Haar's wavelet", () => {
  const plane = cornerOf(noisy, 8, 12);
  const output = denoiseWavelet(plane, { sigma: 10, wavelet: haar, levels: 2, shifts: 0 });
  const means = planeOf(8, 12, (row, column) => {
    const [top, left] = [row - (row % 4), column - (column % 4)];
    const block = planeOf(4, 4, (down, right) => at(plane, top + down, left + right));
    return block.values.reduce((sum, value) => sum + value, 0) / 16;
  });
  expect(furthest(output, means)).toBeLessThanOrEqual(2 * rounding);
});

test.each(oddShapes)("keeps a constant plane of %d x %d pixels", (rows, columns) => {
  const constant = planeOf(rows, columns, () => 0.3);
  expect(furthest(wavelet.apply(constant, 0.2), constant)).toBeLessThanOrEqual(rounding);
});
