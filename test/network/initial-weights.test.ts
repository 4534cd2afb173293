import { describe, expect, test } from "vitest";
import { initialWeights } from "../../src/network/initial-weights.ts";
import type { OutputName } from "../../src/spec/layer-specs.ts";
import { denseLayers } from "../../src/spec/layers.ts";
import { autoencoder } from "../../src/spec/network.ts";
import { defaultTraining } from "../../src/spec/settings.ts";
import { checkTraining } from "../../src/spec/training.ts";

test("weights are uniform between the bounds of Glorot and Bengio, and biases are zero", () => {
  const layers = initialWeights(autoencoder([28, 28], [32]), 0);
  const limit = Math.sqrt(6 / (784 + 32));
  for (const { weight, bias } of layers) {
    expect(weight.length).toBe(784 * 32);
    expect(bias.every((value) => value === 0)).toBe(true);
    const mean = weight.reduce((sum, value) => sum + value, 0) / weight.length;
    const variance = weight.reduce((sum, value) => sum + value * value, 0) / weight.length;
    expect(weight.every((value) => Math.abs(value) <= limit)).toBe(true);
    // For 25,088 draws: four standard deviations of the mean and of the variance of U(-l, l), which is l^2 / 3.
    expect(Math.abs(mean)).toBeLessThan((4 * limit) / Math.sqrt(3 * weight.length));
    expect(Math.abs(variance / (limit ** 2 / 3) - 1)).toBeLessThan(4 * Math.sqrt(0.8 / weight.length));
  }
  expect(layers[0]?.weight.slice(0, 8)).not.toEqual(layers[1]?.weight.slice(0, 8));
});

test("He's weights are wider before a ReLU, and Glorot's weights are used before the output", () => {
  const network = autoencoder([28, 28], [32]);
  const [hidden, output] = initialWeights(network, 0, "he");
  const [glorotHidden, glorotOutput] = initialWeights(network, 0);
  const ratio = Math.sqrt((784 + 32) / 784);
  hidden?.weight.forEach((value, k) => {
    expect(value).toBeCloseTo(ratio * (glorotHidden?.weight[k] ?? Number.NaN), 7);
  });
  expect(output).toEqual(glorotOutput);
});

test("a residual network initially returns its input unchanged", () => {
  const [hidden, output] = initialWeights(autoencoder([3, 3], [4], { output: "residual" }), 0, "he");
  expect(hidden?.weight.some((value) => value !== 0)).toBe(true);
  expect(output).toEqual({ weight: new Float32Array(36), bias: new Float32Array(9) });
});

// The bounds of torch.nn.Linear(81, 256) and torch.nn.Linear(256, 81): kaiming_uniform_ with a = sqrt(5).
test("PyTorch's weights and biases fill their bounds, also in the residual layer", () => {
  const layers = initialWeights(autoencoder([9, 9], [256], { output: "residual" }), 0, "torch");
  const limits = [1 / 9, 1 / 16];
  layers.forEach(({ weight, bias }, layer) => {
    const limit = limits[layer] ?? Number.NaN;
    for (const values of [weight, bias]) {
      const largest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
      expect(largest).toBeLessThanOrEqual(limit);
      // The probability that all of 81 draws are below 0.9 of the bound is 0.9^81, about 0.0002; the draws are fixed.
      expect(largest).toBeGreaterThan(0.9 * limit);
    }
    expect(bias).not.toEqual(weight.slice(0, bias.length));
  });
});

describe("the initialization identity", () => {
  const image = Float32Array.from({ length: 12 }, (_, k) => k / 11);
  const starts: readonly (readonly [OutputName, (logit: number, x: number) => number])[] = [
    ["sigmoid", (_, x) => 8 * (x - 0.5)],
    ["linear", (_, x) => x],
    ["residual", () => 0],
  ];

  test.each(starts)("passes on the network's input, centred or not: %s", (output, logit) => {
    for (const centre of [0, 0.5]) {
      const layers = initialWeights(autoencoder([3, 4], [12, 12], { output }), 3, "identity", centre);
      let values = image.map((x) => x - centre);
      layers.forEach(({ weight, bias }, layer) => {
        values = values.map((_, node) => {
          const sum = values.reduce(
            (z, x, k) => z + x * (weight[12 * node + k] ?? Number.NaN),
            bias[node] ?? 0,
          );
          return layer < 2 ? Math.max(0, sum) : sum;
        });
      });
      values.forEach((z, k) => {
        expect(z).toBeCloseTo(logit(z, image[k] ?? Number.NaN), 5);
      });
    }
  });

  test("draws the remaining nodes as PyTorch does", () => {
    const network = autoencoder([3, 4], [17]);
    const [hidden, output] = initialWeights(network, 3, "identity");
    const [torchHidden, torchOutput] = initialWeights(network, 3, "torch");
    expect(hidden?.weight.slice(12 * 12)).toEqual(torchHidden?.weight.slice(12 * 12));
    expect(hidden?.bias.slice(12)).toEqual(torchHidden?.bias.slice(12));
    for (let node = 0; node < 12; node++) {
      const leftOver = [17 * node + 12, 17 * (node + 1)] as const;
      expect(output?.weight.slice(...leftOver)).toEqual(torchOutput?.weight.slice(...leftOver));
    }
  });

  test.each([[11], [12, 11, 40]])("needs a node for each value of an image: %s", (...widths) => {
    const hidden = denseLayers(...widths);
    const spec = { ...defaultTraining, hidden, batch: 1, initialization: "identity" as const };
    expect(() => checkTraining(spec, { count: 1, rows: 3, columns: 4 })).toThrow(
      "The initialization identity needs 12 nodes or more in each hidden layer, one for each value of an image, but one has 11",
    );
  });
});

test("equal seeds give equal weights, and other seeds give other weights", () => {
  const network = autoencoder([3, 3], [2]);
  expect(initialWeights(network, 5)).toEqual(initialWeights(network, 5));
  expect(initialWeights(network, 5)).not.toEqual(initialWeights(network, 6));
});
