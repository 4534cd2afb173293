import { describe, expect, test } from "vitest";
import type { Picture } from "../../src/data/picture.ts";
import { rowsOf } from "../../src/data/picture.ts";
import { estimatedStrength } from "../../src/filters/estimated-strength.ts";
import {
  denoiseFromCentre,
  type Region,
  type RegionPicture,
  tilesFromCentre,
} from "../../src/network/centre-out.ts";
import { PictureDenoiser } from "../../src/network/picture-denoiser.ts";
import { reachOfNetwork } from "../../src/network/tiles.ts";
import { autoencoder, type NetworkOptions } from "../../src/spec/network.ts";
import { useCpu } from "../support/open-cpu.ts";
import { madePicture, smallModel } from "./picture-fixture.ts";

/** The rectangles of a picture in memory. */
function regionsOf({ rows, columns, channels, values }: Picture): RegionPicture {
  const read = ({ top, bottom, left, right }: Region) => {
    const lines: number[] = [];
    for (let row = top; row < bottom; row++) {
      const line = values.subarray((row * columns + left) * channels, (row * columns + right) * channels);
      lines.push(...line);
    }
    return Float32Array.from(lines);
  };
  return { rows, columns, channels, read };
}

describe("a picture denoised from its centre", () => {
  const device = useCpu();

  test.each<{
    hidden: string;
    size: readonly [number, number];
    tiles: readonly number[];
    channels?: number;
    grey?: boolean;
    options: NetworkOptions;
  }>([
    { hidden: "conv:5x3", size: [50, 37], tiles: [20, 31], options: { output: "residual" } },
    { hidden: "conv:6/2,conv:4,up:3", size: [47, 91], tiles: [32, 40], channels: 3, options: {} },
    { hidden: "unet:3", size: [150, 45], tiles: [10, 60], options: { output: "residual" } },
    {
      hidden: "conv:5,conv:4x2",
      size: [61, 58],
      tiles: [20, 33, 1000],
      channels: 3,
      options: { output: "residual", block: 2, noiseMap: true },
    },
    // A colour picture and a grey network: its channels are denoised one by one.
    { hidden: "conv:5,conv:4", size: [41, 30], tiles: [16], channels: 3, grey: true, options: { block: 2 } },
    { hidden: "6,5", size: [33, 30], tiles: [16], options: { output: "residual" } },
  ])("has the same values as the whole picture at once: $hidden on $size", async (run) => {
    const { hidden, size, tiles, channels = 1, grey = false, options } = run;
    const model = smallModel([8, 8], { ...options, channels: grey ? 1 : channels }, hidden);
    const picture = madePicture(size[0], size[1], channels);
    const denoiser = await PictureDenoiser.create(device(), model);
    const strength = options.noiseMap ? 0.3 : undefined;
    const { values: expected } = await denoiser.denoisePicture(picture, { strength });
    for (const tile of tiles) {
      const found = new Float32Array(expected.length).fill(Number.NaN);
      const shares: number[] = [];
      await denoiseFromCentre(
        denoiser,
        model.network,
        regionsOf(picture),
        ({ top, bottom, left, right }, values) => {
          expect(values).toHaveLength((bottom - top) * (right - left) * channels);
          for (let row = top, at = 0; row < bottom; row++) {
            for (let place = left * channels; place < right * channels; place++)
              found[row * size[1] * channels + place] = values[at++] ?? Number.NaN;
          }
        },
        { strength, tile, onShare: (share) => shares.push(share) },
      );
      const worst = found.reduce(
        (most, value, at) => Math.max(most, Math.abs(value - (expected[at] ?? 0))),
        0,
      );
      expect(worst, `tiles of ${tile}`).toBeLessThan(2e-6);
      expect(shares.at(-1)).toBe(1);
      expect(shares).toEqual([...shares].sort((a, b) => a - b));
    }
    denoiser.destroy();
  });

  test("has one strength, estimated from all of it, which is returned", async () => {
    const model = smallModel([8, 8], { output: "residual", block: 2, noiseMap: true }, "conv:5,conv:4");
    const picture = madePicture(48, 40, 1);
    // The right half has no noise, so that tiles by themselves would differ.
    picture.values.forEach((_, at) => {
      if (at % 40 >= 20) picture.values[at] = 0.5;
    });
    const strength = await estimatedStrength(rowsOf(picture));
    const denoiser = await PictureDenoiser.create(device(), model);
    const { values: expected } = await denoiser.denoisePicture(picture);
    const found = new Float32Array(expected.length);
    const used = await denoiseFromCentre(
      denoiser,
      model.network,
      regionsOf(picture),
      ({ top, bottom, left, right }, values) => {
        for (let row = top; row < bottom; row++) {
          const from = (row - top) * (right - left);
          found.set(values.subarray(from, from + right - left), row * 40 + left);
        }
      },
      { tile: 16 },
    );
    denoiser.destroy();
    expect(used).toBe(strength);
    expect(strength).toBeGreaterThan(0.05);
    const worst = found.reduce((most, value, at) => Math.max(most, Math.abs(value - (expected[at] ?? 0))), 0);
    expect(worst).toBeLessThan(2e-6);
  });

  test("stops when it is cancelled, before and between its tiles", async () => {
    const model = smallModel([8, 8], { output: "residual" }, "conv:5");
    const picture = regionsOf(madePicture(60, 60, 1));
    const denoiser = await PictureDenoiser.create(device(), model);
    const controller = new AbortController();
    const reason = new Error("cancelled by the test");
    let tiles = 0;
    const sink = () => {
      tiles += 1;
      controller.abort(reason);
    };
    const task = { signal: controller.signal, tile: 16 };
    await expect(denoiseFromCentre(denoiser, model.network, picture, sink, task)).rejects.toBe(reason);
    expect(tiles).toBe(1);
    await expect(denoiseFromCentre(denoiser, model.network, picture, sink, task)).rejects.toBe(reason);
    expect(tiles).toBe(1);
    denoiser.destroy();
  });
});

describe("the tiles of a picture", () => {
  const network = autoencoder([16, 16], "conv:8x5", { block: 2 });

  test("begin at its centre, and their cores cover each pixel once", async () => {
    const [rows, columns] = [301, 420];
    const tiles = await tilesFromCentre(network, { rows, columns }, 96);
    const { multiple, reach } = reachOfNetwork(network);
    const covered = new Uint8Array(rows * columns);
    let before = 0;
    for (const { core, window } of tiles) {
      expect([window.top % multiple, window.left % multiple]).toEqual([0, 0]);
      // Pixels away from the edge of the picture do not depend on pixels outside their window.
      if (window.top > 0) expect(core.top - window.top).toBeGreaterThanOrEqual(reach);
      if (window.left > 0) expect(core.left - window.left).toBeGreaterThanOrEqual(reach);
      if (window.bottom < rows) expect(window.bottom - core.bottom).toBeGreaterThanOrEqual(reach);
      if (window.right < columns) expect(window.right - core.right).toBeGreaterThanOrEqual(reach);
      for (let row = core.top; row < core.bottom; row++)
        for (let column = core.left; column < core.right; column++)
          covered[row * columns + column] = 1 + (covered[row * columns + column] ?? 0);
      const distance = Math.hypot(
        (core.top + core.bottom - rows) / 2,
        (core.left + core.right - columns) / 2,
      );
      expect(distance).toBeGreaterThanOrEqual(before);
      before = distance;
    }
    expect(covered.every((count) => count === 1)).toBe(true);
    expect(tiles.length).toBeGreaterThan(9);
  });

  test("have equal windows, apart from what the picture lacks to a multiple of the network's blocks", async () => {
    const tiles = await tilesFromCentre(network, { rows: 2001, columns: 1503 });
    const sides = new Set(
      tiles.map(({ window: { top, bottom, left, right } }) =>
        [bottom - top, right - left].map((side) => 2 * Math.ceil(side / 2)).join(" x "),
      ),
    );
    expect([...sides]).toHaveLength(1);
    expect(tiles.length).toBeGreaterThan(20);
  });

  test("are one for a small picture, and for dense layers", async () => {
    expect(await tilesFromCentre(network, { rows: 400, columns: 400 })).toHaveLength(1);
    expect(await tilesFromCentre(autoencoder([8, 8], [4]), { rows: 2000, columns: 2000 })).toHaveLength(1);
  });
});
