import { describe, expect, test } from "vitest";
import { gaussianWeights } from "../../src/math/gaussian-window.ts";
import { streams } from "../../src/math/streams.ts";
import { addNoise } from "../../src/reference/noise.ts";
import { NoiseDraws } from "../../src/reference/noise-draws.ts";
import { parseNoise } from "../../src/spec/noise-text.ts";
import { MadeNumbers } from "../kernels/made-numbers.ts";

const shape = { rows: 28, columns: 28, channels: 1 };
const pixels = 784;
const count = 120;
const key = { seed: 3, stream: streams.trainingNoise, epoch: 0 };

/** Images of one grey with added noise, [count, pixels]. */
function noisy(text: string, grey: number, changes: Partial<typeof key> = {}): number[] {
  const picture = new Float64Array(pixels).fill(grey);
  const images = Array.from({ length: count }, (_, image) =>
    Array.from(addNoise(picture, shape, parseNoise(text), { ...key, ...changes }, image)),
  );
  return images.flat();
}

const mean = (values: readonly number[], of = (value: number, _index: number) => value) =>
  values.reduce((sum, value, index) => sum + of(value, index), 0) / values.length;

/** The mean, variance and fourth central moment of a number with these values and probabilities. */
function momentsOf(distribution: readonly (readonly [value: number, probability: number])[]) {
  const expected = (of: (value: number) => number) =>
    distribution.reduce((sum, [value, probability]) => sum + probability * of(value), 0);
  const center = expected((value) => value);
  return [
    center,
    expected((value) => (value - center) ** 2),
    expected((value) => (value - center) ** 4),
  ] as const;
}

describe("each noise has its theoretical moments", () => {
  test.each([
    ["gaussian:0.1", 0.5, [0.5, 0.01, 3e-4], pixels],
    ["uniform:0.3", 0.5, [0.5, 0.03, 0.3 ** 4 / 5], pixels],
    [
      "salt-pepper:0.2",
      0.25,
      momentsOf([
        [0, 0.1],
        [0.25, 0.8],
        [1, 0.1],
      ]),
      pixels,
    ],
    ["speckle:0.5", 0.6, [0.6, 0.09, 3 * 0.09 ** 2], pixels],
    // For a mean of L: variance L, fourth central moment L + 3 L^2.
    ["poisson:20", 0.1, [0.1, 2 / 20 ** 2, (2 + 3 * 2 ** 2) / 20 ** 4], pixels],
    ["poisson:200", 0.25, [0.25, 50 / 200 ** 2, (50 + 3 * 50 ** 2) / 200 ** 4], pixels],
    [
      "mask:0.3",
      0.7,
      momentsOf([
        [0, 0.3],
        [0.7, 0.7],
      ]),
      pixels,
    ],
    ["bands:0.1", 0.5, [0.5, 0.01, 3e-4], shape.rows],
  ] as const)("%s on %d", (text, grey, [center, variance, fourth], drawsAnImage) => {
    const values = noisy(`${text}+unclipped`, grey);
    const draws = count * drawsAnImage;
    // Four standard deviations of the mean of this number of draws.
    expect(Math.abs(mean(values) - center)).toBeLessThan(4 * Math.sqrt(variance / draws));
    expect(Math.abs(mean(values, (value) => (value - center) ** 2) - variance)).toBeLessThan(
      4 * Math.sqrt((fourth - variance ** 2) / draws),
    );
  });

  test.each([
    ["few", 0.1, 40],
    ["many", 0.5, 100],
  ])("counts of %s photons are Poisson-distributed", (_what, grey, peak) => {
    const expected = grey * peak;
    const observed = new Map<number, number>();
    const values = noisy(`poisson:${peak}+unclipped`, grey);
    for (const value of values) {
      const photons = Math.round(value * peak);
      expect(Math.abs(value * peak - photons)).toBeLessThan(1e-9);
      observed.set(photons, (observed.get(photons) ?? 0) + 1);
    }
    let chiSquare = 0;
    let bins = 0;
    let probability = Math.exp(-expected);
    for (let photons = 0; photons < 3 * peak; photons++) {
      const want = values.length * probability;
      if (want >= 10) {
        chiSquare += ((observed.get(photons) ?? 0) - want) ** 2 / want;
        bins += 1;
      }
      probability *= expected / (photons + 1);
    }
    expect(bins).toBeGreaterThan(10);
    expect(Math.abs(chiSquare - bins)).toBeLessThan(4 * Math.sqrt(2 * bins));
  });

  test("stages are applied in order, and only the last result is clipped", () => {
    // Salt after masking gives 1. Noise below 0 counts no photons, but is not clipped to 0 before more noise is added.
    expect(new Set(noisy("mask:1+salt-pepper:1", 0.5))).toEqual(new Set([0, 1]));
    expect(new Set(noisy("salt-pepper:1+mask:1", 0.5))).toEqual(new Set([0]));
    const twice = noisy("gaussian:0.5+gaussian:0.5+unclipped", 0);
    expect(Math.abs(mean(twice))).toBeLessThan(4 * Math.sqrt(0.5 / twice.length));
    expect(Math.min(...noisy("gaussian:5+poisson:30+unclipped", 0))).toBe(0);
    const both = noisy("poisson-gaussian:40:0.1+unclipped", 0.4);
    const variance = mean(both, (value) => (value - 0.4) ** 2);
    expect(Math.abs(variance / (0.4 / 40 + 0.01) - 1)).toBeLessThan(4 * Math.sqrt(2.1 / both.length));
  });

  test("clipping raises the mean of black: to 0.1952 for Gaussian noise of 0.5", () => {
    // sigma (phi(0) - phi(1 / sigma)) + 1 - Phi(1 / sigma) for sigma = 0.5
    const values = noisy("gaussian:0.5", 0);
    expect(Math.abs(mean(values) - 0.195226)).toBeLessThan(4 * Math.sqrt(0.09 / values.length));
    const shareOf = (wanted: number) => mean(values, (value) => (value === wanted ? 1 : 0));
    expect(Math.abs(shareOf(0) - 0.5)).toBeLessThan(4 * Math.sqrt(0.25 / values.length));
    expect(Math.abs(shareOf(1) - 0.02275)).toBeLessThan(4 * Math.sqrt(0.0222 / values.length));
  });
});

describe("noise is independent", () => {
  const standard = (values: readonly number[]) => values.map((value) => (value - 0.5) / 0.1);
  const noise = standard(noisy("gaussian:0.1+unclipped", 0.5));
  const bound = 4 / Math.sqrt(noise.length);

  test.each([
    ["the next pixel", 1],
    ["the pixel below", 28],
    ["the next image", pixels],
  ])("of %s", (_what, distance) => {
    const product = mean(noise, (z, index) => z * (noise[(index + distance) % noise.length] ?? 0));
    expect(Math.abs(product)).toBeLessThan(bound);
  });

  test.each([
    ["the next epoch", "gaussian:0.1", { epoch: 1 }],
    ["the validation's noise", "gaussian:0.1", { stream: streams.validationNoise }],
    ["another seed's noise", "gaussian:0.1", { seed: 4 }],
    ["the next stage's noise", "gaussian:0+gaussian:0.1", {}],
    ["the last stage's noise", "gaussian:0+uniform:0+speckle:0+gaussian:0.1", {}],
  ] as const)("of %s", (_what, text, changes) => {
    const others = standard(noisy(`${text}+unclipped`, 0.5, changes as Partial<typeof key>));
    expect(Math.abs(mean(noise, (z, index) => z * (others[index] ?? 0)))).toBeLessThan(bound);
    expect(Math.abs(mean(others, (z) => z ** 2) - 1)).toBeLessThan(Math.SQRT2 * bound);
  });

  test("between neighbouring pixels in salt and pepper", () => {
    const salt = noisy("salt-pepper:0.5", 0.5).map((value) => (value - 0.5) * 2 * Math.SQRT2);
    expect(Math.abs(mean(salt, (z, index) => z * (salt[(index + 1) % salt.length] ?? 0)))).toBeLessThan(
      2 * bound,
    );
  });
});

describe("a range", () => {
  const blind = parseNoise("gaussian:0.1..0.6+uniform:0.2..0.3+unclipped");
  const settingsOf = (stage: number, epoch = 0) =>
    Array.from({ length: 2000 }, (_, image) =>
      new NoiseDraws({ ...key, epoch }, image, stage).setting(blind.stages[stage]?.setting ?? 0),
    );

  test("gives every image a separate setting, uniformly distributed", () => {
    const settings = settingsOf(0);
    const shares = settings.map((setting) => (setting - 0.1) / 0.5);
    expect(Math.min(...shares)).toBeGreaterThan(0);
    expect(Math.max(...shares)).toBeLessThan(1);
    const inTenths = Array.from({ length: 10 }, (_, tenth) =>
      mean(shares, (share) => (Math.floor(10 * share) === tenth ? 1 : 0)),
    );
    for (const share of inTenths) expect(Math.abs(share - 0.1)).toBeLessThan(4 * Math.sqrt(0.09 / 2000));
    expect(new Set(settings).size).toBeGreaterThan(1990);
  });

  test.each([
    ["the next image", settingsOf(0).slice(1)],
    ["the next epoch", settingsOf(0, 1)],
    ["the next stage", settingsOf(1).map((setting) => 0.1 + 5 * (setting - 0.2))],
  ])("is drawn independently of %s", (_what, others) => {
    const settings = settingsOf(0).slice(0, others.length);
    const products = mean(settings, (setting, image) => (setting - 0.35) * ((others[image] ?? 0) - 0.35));
    // The variance of a uniform number between 0 and 0.5 is 1 / 48.
    expect(Math.abs(products)).toBeLessThan(4 / 48 / Math.sqrt(others.length));
  });

  test("sets the strength of the image's noise", () => {
    const text = "gaussian:0.1..0.6+unclipped";
    const values = noisy(text, 0.5);
    for (let image = 0; image < count; image++) {
      const setting = new NoiseDraws(key, image, 0).setting([0.1, 0.6]);
      const own = values.slice(image * pixels, (image + 1) * pixels);
      const deviation = Math.sqrt(mean(own, (value) => (value - 0.5) ** 2));
      // Five standard deviations of a standard deviation of 784 numbers.
      expect(Math.abs(deviation / setting - 1), `image ${image}`).toBeLessThan(5 / Math.sqrt(2 * pixels));
    }
  });
});

describe("blur", () => {
  const rgb = { rows: 9, columns: 6, channels: 3 };
  const picture = Float64Array.from(new MadeNumbers("blur").floats(9 * 6 * 3, 0, 1));

  test.each([0.3, 1, 2.2, 3])("of %d applies a window along the rows, then along the columns", (sigma) => {
    const reach = Math.ceil(3 * sigma);
    const weights = gaussianWeights(sigma, reach);
    const at = (values: ArrayLike<number>, row: number, column: number, channel: number) => {
      const place = Math.min(8, Math.max(0, row)) * 6 + Math.min(5, Math.max(0, column));
      return values[place * 3 + channel] ?? Number.NaN;
    };
    const along = (values: ArrayLike<number>, down: number, across: number) =>
      Float64Array.from(values, (_, index) => {
        const [row, column] = [Math.floor(index / 18), Math.floor(index / 3) % 6];
        return weights.reduce((sum, weight, k) => {
          const step = k - reach;
          return sum + weight * at(values, row + down * step, column + across * step, index % 3);
        }, 0);
      });
    const want = along(along(picture, 0, 1), 1, 0);
    addNoise(picture, rgb, parseNoise(`blur:${sigma}`), key, 0).forEach((value, index) => {
      expect(Math.abs(value - (want[index] ?? Number.NaN))).toBeLessThan(1e-12);
    });
  });

  test("of 0 changes nothing", () => {
    expect(addNoise(picture, rgb, parseNoise("blur:0"), key, 0)).toEqual(picture);
  });
});

test("bands raise whole rows by the same value in all channels", () => {
  const rgb = { rows: 5, columns: 3, channels: 3 };
  const lifted = Array.from(
    addNoise(new Float64Array(45).fill(0.5), rgb, parseNoise("bands:0.2+unclipped"), key, 0),
  );
  const rows = Array.from({ length: 5 }, (_, row) => new Set(lifted.slice(9 * row, 9 * (row + 1))));
  expect(rows.map((values) => values.size)).toEqual([1, 1, 1, 1, 1]);
  expect(new Set(lifted).size).toBe(5);
});
