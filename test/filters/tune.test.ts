import { describe, expect, test } from "vitest";
import { biasCorrection } from "../../src/filters/bias-correction.ts";
import type { ClassicalFilter } from "../../src/filters/filter.ts";
import { gaussian } from "../../src/filters/gaussian.ts";
import { median } from "../../src/filters/median.ts";
import { applyTuned, type PlanePair, tuneFilter } from "../../src/filters/tune.ts";
import { meanPsnr } from "../../src/metrics/psnr.ts";
import { planeFixture, planeOf } from "./fixtures.ts";

const pictures: PlanePair = { noisy: planeFixture("noisy"), clean: planeFixture("clean") };

/** Subtracts its strength: the best strength is the offset of the noisy plane. */
const darken: ClassicalFilter = {
  name: "gaussian",
  strengths: [0.1, 0.2, 0.4, 0.8],
  whole: false,
  apply: (plane, strength) => ({ ...plane, values: plane.values.map((value) => value - strength) }),
};

/** A ramp of greys from 0.25 to 0.5, and the same with an offset. */
function brighter(by: number): PlanePair {
  const ramp = (offset: number) => planeOf(4, 8, (row, column) => 0.25 + (row + column) / 40 + offset);
  return { noisy: ramp(by), clean: ramp(0) };
}

const psnrOf = (output: PlanePair["noisy"], { clean }: PlanePair) =>
  meanPsnr(output.values, clean.values, clean.values.length);

describe("tuneFilter", () => {
  test("finds the best strength between the filter's strengths", async () => {
    // 0.2 is the best of the coarse ones, and 0.25 is a quarter of the way to 0.4.
    expect(await tuneFilter(darken, [brighter(0.251)])).toMatchObject({
      strength: 0.25,
      correction: undefined,
    });
    expect((await tuneFilter(darken, [brighter(0.174)])).strength).toBeCloseTo(0.175, 12);
  });

  test("finds strengths below the filter's first and up to its last", async () => {
    expect((await tuneFilter(darken, [brighter(0.026)])).strength).toBeCloseTo(0.025, 12);
    expect((await tuneFilter(darken, [brighter(0.49)])).strength).toBeCloseTo(0.5, 12);
    expect((await tuneFilter({ ...darken, strengths: [0.1, 0.2, 0.3] }, [brighter(0.45)])).strength).toBe(
      0.3,
    );
  });

  test("does not change the plane if that is best", async () => {
    expect(await tuneFilter(darken, [brighter(0)])).toEqual({
      strength: 0,
      correction: undefined,
      psnr: Number.POSITIVE_INFINITY,
    });
  });

  test("takes the mean of the pairs' PSNR, not the PSNR of their mean error", async () => {
    const pairs = [brighter(0.1), brighter(0.1), brighter(0.4)];
    // The mean error is smallest at 0.2; PSNR prefers to be almost perfect twice.
    const { strength, psnr } = await tuneFilter(darken, pairs);
    expect(strength).toBe(0.1);
    expect(psnr).toBeGreaterThan(40);
  });

  test("tries only integer strengths if the filter requires it", async () => {
    const tried = new Set<number>();
    const watched: ClassicalFilter = {
      ...median,
      apply: (plane, radius) => {
        tried.add(radius);
        return median.apply(plane, radius);
      },
    };
    await tuneFilter(watched, [pictures]);
    expect([...tried]).toEqual([0, ...median.strengths]);
  });

  test("is as good as the best of a fine grid search, on a noisy picture", async () => {
    const { strength, psnr } = await tuneFilter(gaussian, [pictures]);
    const byHand = Array.from({ length: 150 }, (_, index) => 0.02 * (index + 1)).map((sigma) =>
      psnrOf(applyTuned(gaussian, { strength: sigma, correction: undefined }, pictures.noisy), pictures),
    );
    expect(psnr).toBeGreaterThan(Math.max(...byHand) - 0.01);
    expect(psnr).toBe(
      psnrOf(applyTuned(gaussian, { strength, correction: undefined }, pictures.noisy), pictures),
    );
  });

  test("uses the bias correction only if it helps", async () => {
    const halve = biasCorrection((clean) => 2 * clean);
    const double: PlanePair = {
      noisy: planeOf(3, 3, (row) => 0.2 * row + 0.2),
      clean: planeOf(3, 3, (row) => 0.1 * row + 0.1),
    };
    const helped = await tuneFilter(darken, [double], halve);
    expect(helped).toMatchObject({ strength: 0, correction: halve });
    expect(psnrOf(applyTuned(darken, helped, double.noisy), double)).toBe(helped.psnr);
    expect(await tuneFilter(darken, [brighter(0.2)], halve)).toMatchObject({
      strength: 0.2,
      correction: undefined,
    });
  });

  test("continues the search from the best strength with the correction, even if the best without it is another one", async () => {
    // Doubled, 0.8 - 0.35 is 0.9; without the correction the best is to subtract nothing.
    const correction = biasCorrection((clean) => clean / 2);
    const pair: PlanePair = { noisy: planeOf(2, 2, () => 0.8), clean: planeOf(2, 2, () => 0.9) };
    expect((await tuneFilter(darken, [pair])).strength).toBe(0);
    const tuned = await tuneFilter(darken, [pair], correction);
    expect(tuned.correction).toBe(correction);
    expect(tuned.strength).toBeCloseTo(0.35, 12);
  });

  test("scores outputs clipped to [0, 1]", async () => {
    const black: PlanePair = { noisy: planeOf(2, 2, () => 0.1), clean: planeOf(2, 2, () => 0) };
    expect(await tuneFilter(darken, [black])).toMatchObject({ psnr: Number.POSITIVE_INFINITY });
    expect([...applyTuned(darken, { strength: 0.8, correction: undefined }, black.noisy).values]).toEqual([
      0, 0, 0, 0,
    ]);
  });

  test("needs pairs", async () => {
    await expect(tuneFilter(darken, [])).rejects.toThrow(RangeError);
  });
});
