import { expect, test } from "vitest";
import type { Picture } from "../../src/data/picture.ts";
import { planesOf } from "../../src/data/picture-planes.ts";
import { imageScores } from "../../src/metrics/image-scores.ts";
import { ssim } from "../../src/metrics/ssim.ts";

const picture = (
  rows: number,
  columns: number,
  channels: number,
  value: (index: number) => number,
): Picture => ({
  rows,
  columns,
  channels,
  values: Float32Array.from({ length: rows * columns * channels }, (_, index) => value(index)),
});

test("scores of two pixels equal those computed by hand", () => {
  const scores = imageScores(
    picture(1, 2, 1, (index) => (index === 0 ? 0.5 : 0.25)),
    picture(1, 2, 1, (index) => index),
  );
  // Errors 0.5 and 0.75; -log(1 - 0.5) and -log(0.25).
  expect(scores.mse).toBeCloseTo((0.25 + 0.5625) / 2, 12);
  expect(scores.psnr).toBeCloseTo(3.91206627, 7);
  expect(scores.bce).toBeCloseTo((Math.LN2 + 2 * Math.LN2) / 2, 12);
  expect(scores.ssim).toBeUndefined();
});

test("outputs of 0 and 1 that are all wrong cost -log(1e-7) each, and outputs outside [0, 1] cost no more", () => {
  const clean = picture(1, 2, 1, (index) => index);
  const wrong = imageScores(
    picture(1, 2, 1, (index) => 1 - index),
    clean,
  );
  expect(wrong.bce).toBeCloseTo(7 * Math.LN10, 8);
  const beyond = imageScores(
    picture(1, 2, 1, (index) => 1.5 - 2 * index),
    clean,
  );
  expect(beyond.bce).toBe(wrong.bce);
  expect(beyond.mse).toBe(2.25);
});

test("the SSIM of a colour picture is the mean over its channels", () => {
  const wave = (phase: number) => (index: number) => 0.5 + 0.4 * Math.sin(0.37 * index + phase);
  const [output, clean] = [picture(12, 14, 3, wave(0.5)), picture(12, 14, 3, wave(0))];
  const [red, green, blue] = planesOf(output).map((plane, channel) => {
    const values = clean.values.filter((_, index) => index % 3 === channel);
    return ssim(plane, { rows: 12, columns: 14, values });
  });
  expect(new Set([red, green, blue]).size).toBe(3);
  expect(imageScores(output, clean).ssim).toBeCloseTo(
    ((red ?? Number.NaN) + (green ?? Number.NaN) + (blue ?? Number.NaN)) / 3,
    12,
  );
});
