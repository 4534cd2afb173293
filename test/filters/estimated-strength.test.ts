import { expect, test } from "vitest";
import { rowsOf } from "../../src/data/picture.ts";
import { estimatedStrength } from "../../src/filters/estimated-strength.ts";
import { streams } from "../../src/math/streams.ts";
import { addNoise } from "../../src/reference/noise.ts";
import { parseNoise } from "../../src/spec/noise-text.ts";

const key = { seed: 3, stream: streams.validationNoise, epoch: 0 };

/** Smooth hills with a hard edge and a constant area. */
function scene(rows: number, columns: number, channels: number): Float64Array {
  return Float64Array.from({ length: rows * columns * channels }, (_, place) => {
    const [row, column] = [Math.floor(place / channels / columns), Math.floor(place / channels) % columns];
    if (column < columns / 4) return 0.5;
    if (row > column) return 0.3;
    return 0.5 + 0.25 * Math.sin(row / 19) * Math.cos(column / 23 + (place % channels));
  });
}

function noisy(rows: number, columns: number, channels: number, noise: string) {
  const shape = { rows, columns, channels };
  const values = addNoise(scene(rows, columns, channels), shape, parseNoise(noise), key, 0);
  return rowsOf({ ...shape, values: Float32Array.from(values) });
}

test.each([
  [160, 120, 1, 0.02],
  [160, 120, 1, 0.1],
  [97, 131, 3, 0.05],
  [128, 128, 1, 0.3],
  // Read in bands that leave rows out.
  [1700, 1500, 1, 0.1],
])(
  "%i x %i pixels, %i channels: finds the factor %f of Gaussian noise",
  async (rows, columns, channels, factor) => {
    const found = await estimatedStrength(noisy(rows, columns, channels, `gaussian:${factor}+unclipped`));
    expect(found / factor).toBeGreaterThan(0.94);
    expect(found / factor).toBeLessThan(1.06);
  },
);

/** A clean value everywhere. */
function constant(level: number, noise: string) {
  const shape = { rows: 96, columns: 96, channels: 1 };
  const values = addNoise(new Float64Array(96 * 96).fill(level), shape, parseNoise(noise), key, 0);
  return rowsOf({ ...shape, values: Float32Array.from(values) });
}

test.each([
  [0, 0.1],
  [0, 0.5],
  [0.05, 0.1],
  [0.2, 0.2],
  [0.5, 0.3],
  [0.5, 0.5],
  [1, 0.3],
])("clipped noise on a grey of %f: finds the factor %f", async (level, factor) => {
  const found = await estimatedStrength(constant(level, `gaussian:${factor}`));
  // The details of clipped noise are not normal: those of black noise have more small ones.
  expect(found / factor).toBeGreaterThan(0.78);
  expect(found / factor).toBeLessThan(1.2);
});

test("clipped noise on a scene", async () => {
  for (const factor of [0.1, 0.2, 0.4]) {
    const found = await estimatedStrength(noisy(160, 160, 1, `gaussian:${factor}`));
    expect(found / factor).toBeGreaterThan(0.9);
    expect(found / factor).toBeLessThan(1.1);
  }
});

/** A texture as fine as noise on all but the left fifth of a picture. */
function textured(factor: number) {
  const shape = { rows: 320, columns: 320, channels: 1 };
  const clean = Float64Array.from({ length: 320 * 320 }, (_, place) => {
    const [row, column] = [Math.floor(place / 320), place % 320];
    return column < 64 ? 0.5 : 0.5 + 0.03 * Math.sin(2.1 * row) * Math.sin(2.3 * column);
  });
  const values = addNoise(clean, shape, parseNoise(`gaussian:${factor}+unclipped`), key, 0);
  return rowsOf({ ...shape, values: Float32Array.from(values) });
}

test("fine texture is not taken for noise", async () => {
  expect(await estimatedStrength(textured(1e-4))).toBe(0);
  for (const factor of [0.04, 0.1]) {
    const found = await estimatedStrength(textured(factor));
    expect(found / factor).toBeGreaterThan(0.8);
    expect(found / factor).toBeLessThan(1.1);
  }
});

test("there is none in a clean picture, a constant one, and one that is too small", async () => {
  expect(await estimatedStrength(noisy(64, 64, 1, "none"))).toBe(0);
  expect(
    await estimatedStrength(rowsOf({ rows: 9, columns: 9, channels: 1, values: new Float32Array(81) })),
  ).toBe(0);
  expect(
    await estimatedStrength(rowsOf({ rows: 2, columns: 9, channels: 1, values: new Float32Array(18) })),
  ).toBe(0);
});
