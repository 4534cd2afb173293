import { describe, expect, test } from "vitest";
import { type Picture, rowsOf } from "../../src/data/picture.ts";
import { CpuPictureDenoiser } from "../../src/network/cpu-picture-denoiser.ts";
import { PictureDenoiser } from "../../src/network/picture-denoiser.ts";
import { useGpu } from "../support/open-gpu.ts";
import { madePicture, smallModel } from "./picture-fixture.ts";

/** The device rounds every layer and every window to float32; outputs lie around 1. */
const tolerance = 2e-6;

function expectClose(got: Picture, want: Picture): void {
  expect({ ...got, values: undefined }).toEqual({ ...want, values: undefined });
  const off = got.values.map((value, index) => Math.abs(value - (want.values[index] ?? Number.NaN)));
  expect(Math.max(...off)).toBeLessThan(tolerance);
}

describe("a picture on the CPU", () => {
  const gpu = useGpu();

  test.each([
    [[5, 7, 1], [5, 7], { output: "sigmoid" }, { stride: 3, weighting: "gaussian" }],
    [[19, 23, 1], [5, 5], { output: "residual" }, { stride: 1, weighting: "uniform", bandBytes: 1 }],
    [[40, 21, 1], [6, 9], { output: "linear" }, { stride: 6, weighting: "gaussian", bandBytes: 4000 }],
    [[17, 18, 3], [4, 5], { output: "residual", channels: 3 }, { stride: 2, weighting: "gaussian" }],
    // The channels of a colour picture one by one, a grey picture as colours, and one that is smaller than a window.
    [[12, 9, 3], [4, 4], { output: "residual" }, { bandBytes: 2000 }],
    [[9, 31, 1], [4, 4], { output: "sigmoid", channels: 3 }, {}],
    [[3, 10, 1], [5, 5], { output: "linear" }, {}],
  ] as const)("%s by windows of %s, %o, %o", async (size, image, network, options) => {
    const picture = madePicture(size[0], size[1], size[2]);
    const used = smallModel(image, network);
    const device = await PictureDenoiser.create(gpu(), used, options);
    const cpu = await CpuPictureDenoiser.create(used, options);
    expectClose(await cpu.denoisePicture(picture), await device.denoisePicture(picture));
    device.destroy();
    cpu.destroy();
  });

  test("in bands or at once it gives the same bits, and tells of every window once", async () => {
    const picture = madePicture(41, 30, 1);
    const used = smallModel([6, 5], { output: "residual" });
    const whole = await CpuPictureDenoiser.create(used);
    const inBands = await CpuPictureDenoiser.create(used, { bandBytes: 1 });
    const told: (readonly [number, number])[] = [];
    const found = await inBands.denoisePicture(picture, {
      onProgress: (done, total) => told.push([done, total]),
    });
    expect(found).toEqual(await whole.denoisePicture(picture));
    const [done, total] = told.at(-1) ?? [];
    expect(done).toBe(total);
    expect(told.map(([count]) => count)).toEqual(
      [...new Set(told.map(([count]) => count))].sort((a, b) => a - b),
    );
  });

  test("may be cancelled, and gives no row after that", async () => {
    const picture = madePicture(60, 60, 1);
    const denoiser = await CpuPictureDenoiser.create(smallModel([6, 5], {}), { bandBytes: 1 });
    const cancellation = new AbortController();
    const rows: number[] = [];
    const work = denoiser.denoise(rowsOf(picture), (first) => void rows.push(first), {
      signal: cancellation.signal,
      onProgress: () => rows.length === 2 && cancellation.abort(new Error("enough")),
    });
    await expect(work).rejects.toThrow("enough");
    expect(rows).toHaveLength(2);
  });

  test("refuses a stride that leaves gaps", async () => {
    await expect(CpuPictureDenoiser.create(smallModel([6, 5], {}), { stride: 6 })).rejects.toThrow(
      "The stride of windows of 6 x 5 pixels must be a whole number from 1 to 5, but it is 6.",
    );
  });
});
