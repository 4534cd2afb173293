import { describe, expect, test } from "vitest";
import { mirror } from "../../src/filters/mirror.ts";
import { PictureDenoiser } from "../../src/network/picture-denoiser.ts";
import { onImages, tilingOf } from "../../src/network/tiles.ts";
import { forwardPass } from "../../src/reference/forward-pass.ts";
import { referenceLayers } from "../../src/reference/layers.ts";
import { autoencoder, type Model } from "../../src/spec/network.ts";
import type { UseDevice } from "../support/use-device.ts";
import { madePicture, smallModel } from "./picture-fixture.ts";

/** The network's output for the whole picture at once, in float64; its sides are made a multiple by mirroring. */
function denoisedWhole(
  { network, layers }: Model,
  { rows, columns, values }: { rows: number; columns: number; values: ArrayLike<number> },
  multiple: number,
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
  const output = forwardPass(referenceLayers(onImages(network, [height, width]), layers), whole);
  return Array.from({ length: rows * columns * channels }, (_, place) => {
    const row = Math.floor(place / channels / columns);
    const column = Math.floor(place / channels) % columns;
    return output[(row * width + column) * channels + (place % channels)] ?? Number.NaN;
  });
}

/** Convolutions on pictures of any size, on each device. */
export function describeConvolutionPictures(use: UseDevice): void {
  describe("a network of convolutions gives what the whole picture at once gives", () => {
    const device = use();

    test.each([
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
    ] as const)("$hidden on $size", async ({ hidden, output, channels, size, multiple, tile }) => {
      const model = smallModel([16, 16], { output, channels }, hidden);
      const picture = madePicture(size[0], size[1], channels);
      const expected = denoisedWhole(model, picture, multiple);
      // Small tiles in small bands; and the picture as one tile.
      for (const options of [{ tile, bandBytes: 2 ** 12 }, {}]) {
        const denoiser = await PictureDenoiser.create(device(), model, options);
        const { values } = await denoiser.denoisePicture(picture);
        denoiser.destroy();
        const worst = values.reduce(
          (most, value, index) => Math.max(most, Math.abs(value - (expected[index] ?? Number.NaN))),
          0,
        );
        expect(values.length).toBe(expected.length);
        expect(worst).toBeLessThan(4e-6);
      }
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

    test("a stride is refused", async () => {
      const model = smallModel([16, 16], {}, "conv:2");
      await expect(PictureDenoiser.create(device(), model, { stride: 4 })).rejects.toThrow(
        "leave out the stride",
      );
    });
  });
}
