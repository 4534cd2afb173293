import { describe, expect, test } from "vitest";
import type { Plane } from "../../src/data/plane.ts";
import { applyOnDevice, runsOnDevice } from "../../src/filtering/device-filters.ts";
import { applyOnCpu } from "../../src/filters/apply-filter.ts";
import type { FilterName } from "../../src/filters/filter.ts";
import { filterTasks, type Sample } from "../../src/filters/filter-tasks.ts";
import { filters } from "../../src/filters/filters.ts";
import { MadeNumbers } from "../kernels/made-numbers.ts";
import type { UseDevice } from "../support/use-device.ts";

const made = new MadeNumbers("planes");

function planeOf(rows: number, columns: number): Plane {
  return { rows, columns, values: made.floats(rows * columns, -0.2, 1.2) };
}

/** Planes of several shapes, in turn. */
const planes = [planeOf(5, 9), planeOf(7, 3), planeOf(5, 9), planeOf(31, 40), planeOf(1, 1)];

export const describeDeviceFilters = (useDevice: UseDevice) =>
  describe("filters on a device", () => {
    const device = useDevice();

    test.each([
      ["gaussian", 1.3],
      ["median", 2],
      ["bilateral", 0.3],
      ["non-local-means", 0.2],
    ] as const)("%s gives the results of its plain code for each plane", async (filter, strength) => {
      const got = await applyOnDevice(device())(filter, planes, strength);
      const want = await applyOnCpu(filter, planes, strength);
      expect(got.map(({ rows, columns }) => [rows, columns])).toEqual(
        want.map(({ rows, columns }) => [rows, columns]),
      );
      want.forEach(({ values }, index) => {
        expect(furthest(got[index]?.values ?? [], values), `plane ${index}`).toBeLessThan(3e-5);
      });
    });

    test("planes that are too large for one dispatch are filtered in several", async () => {
      const large = [planeOf(700, 400)];
      const [got] = await applyOnDevice(device())("gaussian", large, 1);
      const [want] = await applyOnCpu("gaussian", large, 1);
      expect(furthest(got?.values ?? [], want?.values ?? [])).toBeLessThan(3e-5);
    });

    test("strength 0 does not change planes, and a filter without kernels still runs", async () => {
      const apply = applyOnDevice(device());
      expect(await apply("non-local-means", planes.slice(0, 2), 0)).toEqual(
        await applyOnCpu("non-local-means", planes.slice(0, 2), 0),
      );
      const all = Object.keys(filters) as FilterName[];
      expect(all.filter(runsOnDevice).sort()).toEqual(["bilateral", "gaussian", "median", "non-local-means"]);
      expect(await apply("wavelet", planes.slice(0, 2), 0.2)).toEqual(
        await applyOnCpu("wavelet", planes.slice(0, 2), 0.2),
      );
      expect(await apply("median", [], 2)).toEqual([]);
    });

    test("tuning finds the same strength as in plain code", async () => {
      const samples = Array.from({ length: 3 }, (_, index) => pictureSample(index));
      const [inPlainCode, onDevice] = [
        filterTasks(undefined),
        filterTasks(undefined, applyOnDevice(device())),
      ];
      // One filter with one pass and one with two; the results of each filter are compared above.
      for (const filter of ["median", "gaussian"] as const) {
        const want = await inPlainCode.tune(filter, samples);
        const got = await onDevice.tune(filter, samples);
        expect(got.strength, filter).toBe(want.strength);
        expect(got.psnr).toBeCloseTo(want.psnr, 3);
        const [scores] = await onDevice.score(filter, got, samples);
        expect(scores?.psnr).toBeCloseTo(
          (await inPlainCode.score(filter, want, samples))[0]?.psnr ?? Number.NaN,
          3,
        );
      }
    });
  });

/** A bright disc in colour, and its noisy twin. */
function pictureSample(index: number): Sample {
  const [rows, columns, channels] = [11 + index, 12, 3];
  const clean = Float32Array.from({ length: rows * columns * channels }, (_, value) => {
    const pixel = Math.floor(value / channels);
    const distance = Math.hypot(Math.floor(pixel / columns) - 5, (pixel % columns) - 6);
    return distance < 3 + index ? 0.8 - 0.2 * (value % channels) : 0.1;
  });
  const noisy = clean.map((value) => value + made.next(-0.3, 0.3));
  const shape = { rows, columns, channels };
  return { noisy: { ...shape, values: noisy }, clean: { ...shape, values: clean } };
}

function furthest(got: ArrayLike<number>, want: ArrayLike<number>): number {
  expect(got.length).toBe(want.length);
  return Array.from(want).reduce((most, value, index) => {
    return Math.max(most, Math.abs((got[index] ?? Number.NaN) - value));
  }, 0);
}
