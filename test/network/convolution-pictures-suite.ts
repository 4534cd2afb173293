import { describe, expect, test } from "vitest";
import { rowsOf } from "../../src/data/picture.ts";
import { estimatedStrength } from "../../src/filters/estimated-strength.ts";
import { mirror } from "../../src/filters/mirror.ts";
import { layOut } from "../../src/math/layout.ts";
import { PictureDenoiser } from "../../src/network/picture-denoiser.ts";
import { largestSide, onImages, tilingOf } from "../../src/network/tiles.ts";
import { forwardPass } from "../../src/reference/forward-pass.ts";
import { referenceLayers } from "../../src/reference/layers.ts";
import type { OutputName } from "../../src/spec/layer-specs.ts";
import { autoencoder, type Model, type NetworkOptions } from "../../src/spec/network.ts";
import type { UseDevice } from "../support/use-device.ts";
import { madePicture, smallModel } from "./picture-fixture.ts";

/** The network's output for the whole picture at once, in float64; its sides are made a multiple by mirroring. */
function denoisedWhole(
  { network, layers }: Model,
  { rows, columns, values }: { rows: number; columns: number; values: ArrayLike<number> },
  multiple: number,
  strength: number | undefined,
): number[] {
  const { channels } = network;
  const [height, width] = [rows, columns].map((side) => multiple * Math.ceil(side / multiple)) as [
    number,
    number,
  ];
  const whole = new Float64Array(height * width * channels);
  for (let place = 0; place < whole.length; place++) {
    const row = mirror(Math.floor(place / channels / width), rows);
    const column = mirror(Math.floor(place / channels) % width, columns);
    whole[place] = values[(row * columns + column) * channels + (place % channels)] ?? Number.NaN;
  }
  const placed = onImages(network, [height, width]);
  const output = forwardPass(placed, referenceLayers(placed, layers), whole, {
    strengths: strength === undefined ? undefined : [strength],
  });
  return Array.from({ length: rows * columns * channels }, (_, place) => {
    const row = Math.floor(place / channels / columns);
    const column = Math.floor(place / channels) % columns;
    return output[(row * width + column) * channels + (place % channels)] ?? Number.NaN;
  });
}

/** A network of convolutions, a picture, and the sides of the tiles in which it is denoised. */
interface PictureRun extends NetworkOptions {
  readonly hidden: string;
  readonly output: OutputName;
  readonly channels: number;
  readonly size: readonly [rows: number, columns: number];
  /** What the sides of a picture must be divisible by. */
  readonly multiple: number;
  readonly tile: number;
  readonly strength?: number;
}

/** Convolutions on pictures of any size, on each device. */
export function describeConvolutionPictures(use: UseDevice): void {
  describe("a network of convolutions gives what the whole picture at once gives", () => {
    const device = use();

    test.each<PictureRun>([
      { hidden: "conv:5x3", output: "residual", channels: 1, size: [50, 37], multiple: 1, tile: 16 },
      {
        hidden: "conv:6/2,conv:4,up:3",
        output: "linear",
        channels: 3,
        size: [47, 30],
        multiple: 2,
        tile: 20,
      },
      {
        hidden: "conv:4/2,conv:3/2,up:3,up:4",
        output: "sigmoid",
        channels: 1,
        size: [61, 90],
        multiple: 4,
        tile: 40,
      },
      { hidden: "conv:5x3", output: "linear", channels: 1, size: [1, 2], multiple: 1, tile: 16 },
      { hidden: "unet:3", output: "residual", channels: 1, size: [70, 45], multiple: 4, tile: 40 },
      {
        hidden: "conv:5,conv:4x2",
        output: "residual",
        channels: 3,
        ...{ block: 2, noiseMap: true, strength: 0.3 },
        size: [41, 50],
        multiple: 2,
        tile: 20,
      },
    ])("$hidden on $size", async (network) => {
      const {
        hidden,
        output,
        channels,
        size,
        multiple,
        tile,
        block = 1,
        noiseMap = false,
        strength,
      } = network;
      const model = smallModel([16, 16], { output, channels, block, noiseMap }, hidden);
      const picture = madePicture(size[0], size[1], channels);
      const expected = denoisedWhole(model, picture, multiple, strength);
      // Small tiles in small bands; and the picture as one tile.
      for (const options of [{ tile, bandBytes: 2 ** 12 }, {}]) {
        const denoiser = await PictureDenoiser.create(device(), model, options);
        const { values } = await denoiser.denoisePicture(picture, { strength });
        denoiser.destroy();
        const worst = values.reduce(
          (most, value, index) => Math.max(most, Math.abs(value - (expected[index] ?? Number.NaN))),
          0,
        );
        expect(values.length).toBe(expected.length);
        expect(worst).toBeLessThan(4e-6);
      }
    });

    test("pictures one after the other, and at once, have their own strength", async () => {
      const options = { output: "residual", block: 2, noiseMap: true } as const;
      const model = smallModel([16, 16], options, "conv:5,conv:4");
      const picture = madePicture(12, 14, 1);
      const denoiser = await PictureDenoiser.create(device(), model);
      const strengths = [0.1, 0.5, 0.1];
      const alone: Float32Array[] = [];
      for (const strength of strengths)
        alone.push((await denoiser.denoisePicture(picture, { strength })).values);
      const together = await Promise.all(
        strengths.map(async (strength) => (await denoiser.denoisePicture(picture, { strength })).values),
      );
      denoiser.destroy();
      expect(together).toEqual(alone);
      expect(alone[0]).toEqual(alone[2]);
      expect(alone[0]).not.toEqual(alone[1]);
      alone.forEach((values, index) => {
        const expected = denoisedWhole(model, picture, 2, strengths[index]);
        const worst = values.reduce(
          (most, value, at) => Math.max(most, Math.abs(value - (expected[at] ?? Number.NaN))),
          0,
        );
        expect(worst).toBeLessThan(4e-6);
      });
    });

    test("a share of the result is mixed with the picture, and a picture without noise stays as it is", async () => {
      const options = { output: "residual", block: 2, noiseMap: true } as const;
      const model = smallModel([16, 16], options, "conv:5,conv:4");
      const picture = madePicture(33, 21, 1);
      const denoiser = await PictureDenoiser.create(device(), model, { tile: 20, bandBytes: 2 ** 10 });
      const { values: full } = await denoiser.denoisePicture(picture, { strength: 0.2 });
      const { values: share } = await denoiser.denoisePicture(picture, { strength: 0.2, blend: 0.25 });
      const expected = full.map(
        (value, index) => 0.25 * value + 0.75 * (picture.values[index] ?? Number.NaN),
      );
      for (const [index, value] of share.entries()) {
        expect(value).toBeCloseTo(expected[index] ?? Number.NaN, 6);
      }
      for (const task of [{ strength: 0 }, { strength: 0.2, blend: 0 }]) {
        expect((await denoiser.denoisePicture(picture, task)).values).toEqual(picture.values);
      }
      await expect(denoiser.denoisePicture(picture, { blend: 1.5 })).rejects.toThrow(
        "The share of the network's result must be from 0 to 1, but it is 1.5.",
      );
      denoiser.destroy();
    });

    test("the strength that was estimated is reported", async () => {
      const noisy = madePicture(40, 40, 1);
      const reports = [];
      for (const noiseMap of [true, false]) {
        const model = smallModel([16, 16], { noiseMap }, "conv:3");
        const denoiser = await PictureDenoiser.create(device(), model);
        reports.push((await denoiser.denoise(rowsOf(noisy), () => {})).strength);
        denoiser.destroy();
      }
      expect(reports).toEqual([await estimatedStrength(rowsOf(noisy)), undefined]);
    });

    test("tiles cover every picture, start at multiples and end with it", () => {
      const network = autoencoder([16, 16], "conv:4/2,conv:3/2,up:3,up:4");
      for (let rows = 1; rows < 400; rows += 7) {
        const { rows: height, network: onTile, strides, reach } = tilingOf(network, { rows, columns: 5 }, 60);
        const [side] = onTile.image;
        expect(height).toBe(4 * Math.ceil(rows / 4));
        expect((height - side) % strides[0]).toBe(0);
        expect(strides[0] % 4).toBe(0);
        if (height > side) expect(side - strides[0]).toBeGreaterThanOrEqual(2 * reach);
      }
    });

    test.each([
      ["conv:16x4", 1, [1000, 1000]],
      ["conv:32x7", 1, [512, 700]],
      ["conv:64x15", 3, [720, 1300]],
      ["conv:16/2,conv:8/2,up:8,up:16", 3, [4000, 6000]],
      ["conv:8/2x6,up:8x6", 3, [1000, 1500]],
    ] as const)(
      "tiles of %s with %i channels on %j fit and are hardly more work than the picture",
      (hidden, channels, [rows, columns]) => {
        const side = 64;
        const network = autoencoder([side, side], hidden, { channels });
        for (const largestBuffer of [2 ** 27, 2 ** 31]) {
          const tiling = tilingOf(network, { rows, columns }, largestSide(network, largestBuffer));
          const [height, width] = tiling.network.image;
          const tiles = [
            (tiling.rows - height) / tiling.strides[0],
            (tiling.columns - width) / tiling.strides[1],
          ];
          const count = tiles.reduce((product, more) => product * (more + 1), 1);
          expect(16 * layOut(tiling.network, 1).activationQuads).toBeLessThanOrEqual(largestBuffer);
          // The overlap is largest for a network with a large reach: with 16 layers on tiles of 128 pixels, 1.8 times the picture.
          expect((count * height * width) / (tiling.rows * tiling.columns)).toBeLessThan(2.2);
        }
      },
    );

    test("a stride is refused", async () => {
      const model = smallModel([16, 16], {}, "conv:2");
      await expect(PictureDenoiser.create(device(), model, { stride: 4 })).rejects.toThrow(
        "leave out the stride",
      );
    });
  });
}
