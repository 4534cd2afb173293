import { expect, test } from "vitest";
import { denoiseNonLocalMeans, nonLocalMeans } from "../../src/filters/non-local-means.ts";
import { furthest, planeOf } from "./fixtures.ts";
import { answerFor, corner, noisy, oddShapes, rounding, views } from "./transform-fixtures.ts";

const settings = { patch: 5, distance: 6, h: 0.16, sigma: 0.2 };

test.each([noisy, corner])("equals the definition, pixel by pixel, %#", (plane) => {
  for (const { patch, distance, h, sigma } of [settings, { patch: 3, distance: 2, h: 0.3, sigma: 0 }]) {
    const output = denoiseNonLocalMeans(plane, { patch, distance, h, sigma });
    const answer = answerFor(plane, `non-local-means-${patch}-${distance}-${h}-${sigma}`);
    expect(furthest(output, answer)).toBeLessThanOrEqual(2 * rounding);
  }
});

test("has the settings of the known answer at strength 0.2", () => {
  const answer = answerFor(noisy, "non-local-means-5-6-0.16-0.2");
  expect(furthest(nonLocalMeans.apply(noisy, 0.2), answer)).toBeLessThanOrEqual(2 * rounding);
});

test.each(views)("a picture %s gives the output %s", (_, view) => {
  const output = denoiseNonLocalMeans(view(noisy), settings);
  expect(furthest(output, view(denoiseNonLocalMeans(noisy, settings)))).toBeLessThanOrEqual(2 * rounding);
});

test("with a very large h is the mean of the search window", () => {
  const plane = planeOf(1, 4, (_, column) => column);
  // Mirrored: 1 0 | 0 1 2 3 | 3 2.
  const { values } = denoiseNonLocalMeans(plane, { patch: 1, distance: 2, h: 1e9, sigma: 0 });
  expect([...values]).toEqual([4 / 5, 6 / 5, 9 / 5, 11 / 5].map(Math.fround));
});

test.each(oddShapes)("keeps a step between two halves of %d x %d pixels", (rows, columns) => {
  const step = planeOf(rows, columns, (_, column) => (2 * column < columns ? 0 : 1));
  const output = denoiseNonLocalMeans(step, { ...settings, h: 0.02, sigma: 0.02 });
  expect(furthest(output, step)).toBeLessThanOrEqual(rounding);
});
