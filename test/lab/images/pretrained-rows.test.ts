import { describe, expect, test } from "vitest";
import { isOf, picturesBy, suitsPretrained } from "../../../src/lab/images/state.ts";
import { parseNoise } from "../../../src/spec/noise-text.ts";

describe("whether the network for digits is compared with a run", () => {
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

describe("the shown pictures", () => {
  const [noisy, other] = [Float32Array.of(0.1, 0.9), Float32Array.of(0.1, 0.8)];
  const pictures = {
    ...{ images: [7], labels: undefined, rows: 1, columns: 2, noisy },
    ...{ clean: Float32Array.of(0, 1), denoised: Float32Array.of(0.3, 0.3) },
  };
  const rows = { noisy: noisy.slice(), denoised: Float32Array.of(0, 0.95) };

  test("are the run's if the run is chosen, whatever else there is", () => {
    expect(picturesBy("run", pictures, rows)).toEqual({ by: "run", pictures });
  });

  test("are the noisy ones until the network has denoised exactly these", () => {
    const waiting = { by: "waiting", pictures: { ...pictures, denoised: noisy } };
    expect(picturesBy("pretrained", pictures, undefined)).toEqual(waiting);
    expect(picturesBy("pretrained", pictures, { ...rows, noisy: other })).toEqual(waiting);
    expect(picturesBy("pretrained", pictures, { ...rows, noisy: noisy.slice(1) })).toEqual(waiting);
  });

  test("are the network's as soon as it has denoised them", () => {
    expect(isOf(rows, pictures)).toBe(true);
    expect(picturesBy("pretrained", pictures, rows)).toEqual({
      by: "pretrained",
      pictures: { ...pictures, denoised: rows.denoised },
    });
  });
});
