import { describe, expect, test } from "vitest";
import { isOf, picturesBy, suitsPretrained } from "../../../src/lab/images/rows.ts";
import { parseNoise } from "../../../src/spec/noise-text.ts";

describe("the network for digits is held against runs", () => {
  test.each([
    ["gaussian:0.5", 28, 28, true],
    ["gaussian:0.1..0.6", 28, 28, true],
    ["gaussian:0.3+unclipped", 28, 28, true],
    ["gaussian:0", 28, 28, false],
    ["none", 28, 28, false],
    ["mask:0.5", 28, 28, false],
    ["blur:1+gaussian:0.5", 28, 28, false],
    ["gaussian:0.5+mask:0.5", 28, 28, false],
    ["gaussian:0.5", 28, 27, false],
    ["gaussian:0.5", 14, 56, false],
  ])("with noise %s on %i x %i pixels: %s", (noise, rows, columns, suits) => {
    expect(suitsPretrained(parseNoise(noise), { rows, columns })).toBe(suits);
  });
});

describe("the pictures that are shown", () => {
  const [noisy, other] = [Float32Array.of(0.1, 0.9), Float32Array.of(0.1, 0.8)];
  const pictures = {
    ...{ images: [7], labels: undefined, rows: 1, columns: 2, noisy },
    ...{ clean: Float32Array.of(0, 1), denoised: Float32Array.of(0.3, 0.3) },
  };
  const rows = { noisy: noisy.slice(), denoised: Float32Array.of(0, 0.95) };

  test("are the run's where they are to be, whatever else is there", () => {
    expect(picturesBy("run", pictures, rows)).toEqual({ by: "run", pictures });
  });

  test("wait, noisy as they are, for the network's work on just these", () => {
    const waiting = { by: "waiting", pictures: { ...pictures, denoised: noisy } };
    expect(picturesBy("pretrained", pictures, undefined)).toEqual(waiting);
    expect(picturesBy("pretrained", pictures, { ...rows, noisy: other })).toEqual(waiting);
    expect(picturesBy("pretrained", pictures, { ...rows, noisy: noisy.slice(1) })).toEqual(waiting);
  });

  test("are the network's once it has seen them", () => {
    expect(isOf(rows, pictures)).toBe(true);
    expect(picturesBy("pretrained", pictures, rows)).toEqual({
      by: "pretrained",
      pictures: { ...pictures, denoised: rows.denoised },
    });
  });
});
