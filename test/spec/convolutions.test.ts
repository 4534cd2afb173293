import { describe, expect, test } from "vitest";
import { initialWeights } from "../../src/network/initial-weights.ts";
import type { HiddenLayer } from "../../src/spec/layer-specs.ts";
import { formatLayers, hiddenLayers, layersJson, parseLayers } from "../../src/spec/layer-text.ts";
import { outputSize } from "../../src/spec/layers.ts";
import {
  autoencoder,
  codeOf,
  hiddenOf,
  multiplyAdds,
  networkName,
  parameterCount,
} from "../../src/spec/network.ts";
import { parseNoise } from "../../src/spec/noise-text.ts";
import { defaultTraining, type TrainingSpec } from "../../src/spec/settings.ts";
import { checkTraining } from "../../src/spec/training.ts";

const conv = (channels: number, stride: 1 | 2 = 1): HiddenLayer => ({ kind: "conv", channels, stride });
const up = (channels: number): HiddenLayer => ({ kind: "up", channels });

/** TensorFlow's tutorial on autoencoders (tensorflow.org/tutorials/generative/autoencoder). */
const tutorial = "conv:16/2,conv:8/2,up:8,up:16";

describe("the text of convolutions", () => {
  test.each([
    [tutorial, [conv(16, 2), conv(8, 2), up(8), up(16)], tutorial],
    [" conv:3 , up : 4", undefined, undefined],
    ["conv:64x15", Array(15).fill(conv(64)), "conv:64x15"],
    ["conv:8/2x2 up:8x2", [conv(8, 2), conv(8, 2), up(8), up(8)], "conv:8/2x2,up:8x2"],
    ["conv:8,conv:8,conv:9", [conv(8), conv(8), conv(9)], "conv:8x2,conv:9"],
    ["conv:8/1", [conv(8)], "conv:8"],
    ["conv:8,conv:4/2,up:8+1", [conv(8), conv(4, 2), { ...up(8), from: 1 }], "conv:8,conv:4/2,up:8+1"],
    ["conv:8, conv:8 + 1", undefined, undefined],
    ["conv:8,conv:8+1", [conv(8), { ...conv(8), from: 1 }], "conv:8,conv:8+1"],
  ])("%j", (text, layers, written) => {
    if (!layers) return expect(() => parseLayers(text)).toThrow("is not a hidden layer");
    expect(parseLayers(text)).toEqual(layers);
    expect(formatLayers(layers)).toBe(written);
    expect(hiddenLayers(layersJson(layers))).toEqual(layers);
  });

  test.each([
    "conv:",
    "conv:8/3",
    "conv:8/2/2",
    "conv:8x0",
    "conv:8x",
    "conv:-1",
    "conv:1.5",
    "up:8/2",
    "conv:8x9999999",
    "conv:8x65",
  ])("%j is refused", (text) => {
    expect(() => parseLayers(text)).toThrow(/is not a hidden layer: write .* as conv:32x7/);
  });
});

describe("a small U-Net", () => {
  const network = autoencoder([16, 24], "unet:5", { channels: 3, block: 2, noiseMap: true });

  test("has three floors, whose outputs are added on the way up", () => {
    expect(formatLayers(hiddenOf(network))).toBe("unet:5");
    expect(hiddenLayers(layersJson(hiddenOf(network)))).toEqual(hiddenOf(network));
    expect(layersJson(hiddenOf(network))).toEqual([
      ...["conv:5", "conv:5", "conv:10/2", "conv:10", "conv:15/2", "conv:15"],
      ...["up:10+4", "conv:10", "up:5+2", "conv:5"],
    ]);
    expect(network.layers.map(outputSize).map(({ rows, columns }) => [rows, columns])).toEqual(
      [1, 1, 2, 2, 4, 4, 2, 2, 1, 1, 1].map((part) => [8 / part, 12 / part]),
    );
    expect(networkName(network)).toBe("16x24x3 unet:5 on blocks of 2 with a noise map");
  });

  test("takes 13 channels, which are 12 of a block and one of the noise, and gives 12", () => {
    expect(network.layers[0]).toMatchObject({ input: { rows: 8, columns: 12, channels: 13 } });
    expect(network.layers.at(-1)).toMatchObject({ channels: 12 });
  });

  test.each([
    ["unet:4,conv:3", {}, "unet:4 is a whole network: give it alone, without other layers."],
    [
      "conv:4,conv:4+2",
      {},
      "Layer 2 adds the output of layer 2: only that of an earlier layer, 1 to 1, can be added.",
    ],
    ["conv:4+0,conv:4", {}, "Layer 1 adds the output of layer 0, but no layer comes before it."],
    [
      "conv:4,conv:3/2,up:3+1",
      {},
      "Layer 3 has 16 x 24 pixels of 3 channels and adds layer 1, which has 16 x 24 pixels of 4 channels: both must have the same rows, columns and channels.",
    ],
    [
      "conv:4,conv:4+1,conv:4+1",
      {},
      "Layers 2 and 3 both add the output of layer 1: an output can be added once.",
    ],
    [
      "conv:4",
      { block: 3 },
      "Blocks of 3 x 3 pixels need sides that 3 divides, but the images have 16 x 24 pixels.",
    ],
    ["conv:4", { block: 9 }, "The block must be a whole number from 1 to 8, but it is 9."],
    ["32", { block: 2 }, "Dense layers have no blocks of pixels"],
    ["32", { noiseMap: true }, "Dense layers have no noise map"],
  ] as const)("%s with %j is refused", (hidden, options, sentence) => {
    expect(() => autoencoder([16, 24], hidden, options)).toThrow(sentence);
  });

  test("cannot be trained with a noise map for noise that is not Gaussian", () => {
    const spec: TrainingSpec = {
      ...defaultTraining,
      ...{ hidden: parseLayers("conv:4"), noiseMap: true, noise: parseNoise("poisson:30") },
    };
    expect(() => checkTraining(spec, { count: 1000, rows: 28, columns: 28 })).toThrow(
      "A noise map holds the factor of Gaussian noise, but the noise is poisson:30: give one gaussian stage, as gaussian:0..0.3.",
    );
  });
});

test("a long list of repeated layers is refused before it is expanded", () => {
  const many = Array.from({ length: 20_000 }, () => "conv:1x64");
  expect(() => hiddenLayers(many)).toThrow(
    "A network has at most 64 layers, but 20000 hidden ones are given.",
  );
});

describe("a network of convolutions", () => {
  const network = autoencoder([28, 28], tutorial);

  test("has the sizes and weights of the tutorial", () => {
    expect(network.layers.map(outputSize)).toEqual([
      { rows: 14, columns: 14, channels: 16 },
      { rows: 7, columns: 7, channels: 8 },
      { rows: 14, columns: 14, channels: 8 },
      { rows: 28, columns: 28, channels: 16 },
      { rows: 28, columns: 28, channels: 1 },
    ]);
    // Keras' model.summary() of the tutorial: 160 + 1160 + 584 + 1168 + 145.
    expect(parameterCount(network)).toBe(3217);
    expect(multiplyAdds(network)).toBe(9 * (196 * 16 + 49 * 16 * 8 + 49 * 8 * 8 + 196 * 8 * 16 + 784 * 16));
    expect(formatLayers(hiddenOf(network))).toBe(tutorial);
    expect(networkName(network)).toBe(`28x28 ${tutorial}`);
    expect(codeOf(network)).toEqual({ depth: 2, size: 392 });
  });

  test.each([
    ["conv:8,32", "A network has either dense layers or convolutions, but conv:8 and 32 are given together."],
    ["32,up:8", "A network has either dense layers or convolutions, but 32 and up:8 are given together."],
    [
      "conv:8/2x3,up:8x3",
      "A convolution with stride 2 needs even sides, but its input has 7 x 7 pixels: choose other sides, or fewer strides.",
    ],
    [
      "conv:8/2",
      "The hidden layers make 14 x 14 pixels of the image's 28 x 28: give as many up layers as layers with stride 2.",
    ],
    ["conv:8x64", "A network needs 1 to 63 hidden layers, but 64 are given."],
    ["conv:1025", "The channels of a convolution must be a whole number from 1 to 1024, but it is 1025."],
    ["up:0", "The channels of a convolution must be a whole number from 1 to 1024, but it is 0."],
  ])("cannot have the hidden layers %s", (hidden, message) => {
    expect(() => autoencoder([28, 28], hidden)).toThrow(message);
  });

  test.each([
    [{ centre: true }, "Convolutions pad pictures with zeros"],
    [{ initialization: "identity" }, "The initialization identity is for dense layers only"],
  ] as const)("cannot be trained with %j", (changes, message) => {
    const spec: TrainingSpec = { ...defaultTraining, ...changes, hidden: parseLayers(tutorial) };
    expect(() => checkTraining(spec, { count: 1000, rows: 28, columns: 28 })).toThrow(message);
  });
});

describe("the initial weights of convolutions", () => {
  // The bounds of torch.nn.Conv2d(3, 64, 3), ConvTranspose2d(64, 32, 3) and Conv2d(32, 3, 3), which are 1 / sqrt(9 weight.size(1)).
  const torch = [27, 9 * 32, 9 * 32].map((fan) => 1 / Math.sqrt(fan));
  // Keras counts the inputs and outputs of a kernel times its 9 weights, whichever way the layer goes.
  const glorot = [9 * (3 + 64), 9 * (64 + 32), 9 * (32 + 3)].map((fans) => Math.sqrt(6 / fans));
  // He et al. count the values that are summed: a quarter of the weights where the sides are doubled.
  const he = [27, (9 * 64) / 4].map((fan) => Math.sqrt(6 / fan));

  test.each([
    ["torch", torch, torch],
    ["glorot", glorot, [0, 0, 0]],
    ["he", [...he, glorot[2]], [0, 0, 0]],
  ] as const)("fill the bounds of %s", (name, weights, biases) => {
    const network = autoencoder([8, 8], "conv:64/2,up:32", { channels: 3 });
    initialWeights(network, 0, name).forEach(({ weight, bias }, layer) => {
      const largest = weight.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
      expect(largest).toBeLessThanOrEqual(weights[layer] ?? 0);
      expect(largest).toBeGreaterThan(0.97 * (weights[layer] ?? 1));
      expect(bias.every((value) => Math.abs(value) <= (biases[layer] ?? 0))).toBe(true);
    });
  });

  test("are zero in the last layer of a residual network", () => {
    const network = autoencoder([8, 8], "conv:4x2", { output: "residual" });
    for (const name of ["he", "glorot"] as const) {
      const layers = initialWeights(network, 0, name);
      expect(layers.at(-1)?.weight.every((value) => value === 0)).toBe(true);
      expect(layers[0]?.weight.every((value) => value !== 0)).toBe(true);
    }
  });
});
