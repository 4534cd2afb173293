import { describe, expect, test } from "vitest";
import { readModel } from "../../src/formats/foreign-model.ts";
import { encodeModel, parseModel } from "../../src/formats/model-file.ts";
import { encodeSafetensors, type Tensor } from "../../src/formats/safetensors.ts";
import { initialWeights } from "../../src/network/initial-weights.ts";
import { InputError } from "../../src/spec/input-error.ts";
import { parseLayers } from "../../src/spec/layer-text.ts";
import { parameterShapes } from "../../src/spec/layers.ts";
import { autoencoder, networkName } from "../../src/spec/network.ts";

const network = autoencoder([3, 3], [4, 2, 5]);
const layers = initialWeights(network, 1, "torch");
/** The model's tensors, named as in a state dict of PyTorch and in alphabetical order, as in its file. */
const named = (names: readonly string[], drop?: string) =>
  new Map(
    layers
      .flatMap(({ weight, bias }, index): [string, Tensor][] => [
        [`${names[index]}.weight`, { shape: [bias.length, weight.length / bias.length], values: weight }],
        [`${names[index]}.bias`, { shape: [bias.length], values: bias }],
      ])
      .filter(([key]) => key !== drop)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );

const sequential = ["0", "2", "4", "6"];

describe("a state dict without our metadata", () => {
  test.each([
    ["nn.Sequential", sequential],
    ["its tenth module", ["6", "8", "10", "12"]],
    ["a ModuleList", ["layers.0", "layers.1", "layers.2", "layers.3"]],
    ["attributes", ["fc1", "fc2", "fc3", "fc4"]],
    ["DistributedDataParallel", sequential.map((name) => `module.${name}`)],
    ["encoder and decoder", ["encoder.0", "encoder.2", "decoder.0", "decoder.2"]],
  ])("is read as the network that its shapes imply: %s", (_, names) => {
    const { model, remark } = readModel(encodeSafetensors(named(names)), "theirs");
    expect(model).toEqual({ network, layers });
    expect(remark).toBe(
      "theirs does not describe its network: it is read as 9-4-2-5-9 on grey images of 3 x 3 pixels, with ReLU activations and the output sigmoid (change this with --image, --hidden and --output).",
    );
  });

  test("uses the options for what the file does not say", () => {
    const wide = autoencoder([1, 3], [2], { channels: 3, output: "residual" });
    const weights = initialWeights(wide, 2, "he");
    const tensors = new Map(
      weights.flatMap(({ weight, bias }, index): [string, Tensor][] => [
        [`${index}.weight`, { shape: [bias.length, weight.length / bias.length], values: weight }],
      ]),
    );
    // Biases of zero, as these are initially, may be missing.
    const { model } = readModel(encodeSafetensors(tensors), "a", { image: [1, 3, 3], output: "residual" });
    expect(model).toEqual({ network: wide, layers: weights });
  });

  const zeros = (...shape: number[]): Tensor => ({
    shape,
    values: new Float32Array(shape.reduce((a, b) => a * b, 1)),
  });

  test.each([
    ["nothing", {}, "theirs holds no tensors."],
    [
      "do not make a square",
      { "0.weight": zeros(2, 6), "1.weight": zeros(6, 2) },
      "theirs takes 6 values, which do not make a square image: give its rows and columns with --image, as --image 28x28, or 32x32x3 in colour.",
    ],
    [
      "convolutions of 5 x 5 pixels",
      { "0.weight": zeros(16, 1, 5, 5), "0.bias": zeros(16) },
      "The tensor 0.weight of theirs has the shape [16,1,5,5], but only dense layers, [outputs, inputs], and convolutions of 3 x 3 pixels, [outputs, inputs, 3, 3], are known.",
    ],
    [
      "convolutions that do not lead back to an image",
      { "0.weight": zeros(16, 1, 3, 3), "2.weight": zeros(8, 16, 3, 3) },
      "theirs has convolutions of 1-16-8 channels, but a denoiser has two or more, of which the last gives as many channels as the first takes.",
    ],
    [
      "transposed convolutions, which are not described",
      { "0.weight": zeros(8, 1, 3, 3), "2.weight": zeros(8, 4, 3, 3), "4.weight": zeros(1, 4, 3, 3) },
      "The layer 2 of theirs takes 4 channels, but the one before it gives 8: if it is a transposed convolution, describe the network with --hidden, as --hidden conv:16/2,up:16.",
    ],
    [
      "a layer of another kind",
      { "1.running_mean": zeros(4) },
      'The tensor "1.running_mean" of theirs does not belong to a layer, which has a weight and a bias.',
    ],
    ["a bias without weight", { "0.bias": zeros(4) }, "theirs has the tensor 0.bias, but no 0.weight."],
    [
      "layers without an order",
      { "first.weight": zeros(2, 4), "last.weight": zeros(4, 2) },
      'theirs has layers named "first", "last", whose order is unknown: number them, as 0.weight, 2.weight or layers.0.weight.',
    ],
    [
      "layers that do not match",
      { "0.weight": zeros(2, 4), "2.weight": zeros(4, 3) },
      "The layer 2 of theirs takes 3 values, but the one before it gives 2.",
    ],
    [
      "a classifier",
      { "0.weight": zeros(8, 4), "2.weight": zeros(2, 8) },
      "theirs has the layers 4-8-2, but a denoiser has two or more, of which the last gives as many values as the first takes.",
    ],
    [
      "too many layers",
      Object.fromEntries(Array.from({ length: 17 }, (_, index) => [`${index}.weight`, zeros(1, 1)])),
      "The network in theirs cannot be used: A network needs 1 to 15 hidden layers, but 16 are given.",
    ],
  ])("is refused if it has %s", (_, tensors: Record<string, Tensor>, sentence) => {
    const file = encodeSafetensors(new Map(Object.entries(tensors)));
    expect(() => readModel(file, "theirs")).toThrow(new InputError(sentence));
  });

  test.each([
    ["conv:6x2,conv:4", {}, undefined, 64],
    ["conv:6/2,conv:6,up:4", { output: "linear" }, "conv:6/2,conv:6,up:4", 64],
    ["unet:6", { block: 2, noiseMap: true, output: "residual" }, "unet:6", 64],
    ["conv:6x2", { block: 3 }, undefined, 66],
  ] as const)("of the convolutions %s is read", (hidden, options, told, side) => {
    const network = autoencoder([side, side], hidden, { ...options, channels: 3 });
    const layers = initialWeights(network, 4, "torch");
    const shapes = network.layers.map(parameterShapes);
    const tensors = layers.flatMap(({ weight, bias }, index): [string, Tensor][] => [
      [`net.${2 * index}.weight`, { shape: shapes[index]?.weight ?? [], values: weight }],
      [`net.${2 * index}.bias`, { shape: [bias.length], values: bias }],
    ]);
    const { model, remark } = readModel(encodeSafetensors(new Map(tensors)), "theirs", {
      ...options,
      ...(told && { hidden: parseLayers(told) }),
    });
    expect(model).toEqual({ network, layers });
    expect(remark).toContain(
      `it is read as ${networkName(network)} on colour images of ${side} x ${side} pixels`,
    );
  });

  test("of convolutions may lack biases, which are as many as a transposed convolution has outputs", () => {
    const network = autoencoder([64, 64], "conv:6/2,up:4");
    const layers = initialWeights(network, 4, "he");
    const shapes = network.layers.map(parameterShapes);
    const tensors = layers.map(({ weight }, index): [string, Tensor] => [
      `${index}.weight`,
      { shape: shapes[index]?.weight ?? [], values: weight },
    ]);
    const hidden = parseLayers("conv:6/2,up:4");
    expect(readModel(encodeSafetensors(new Map(tensors)), "theirs", { hidden }).model).toEqual({
      network,
      layers,
    });
  });

  test("is refused if the options give another image size", () => {
    const file = encodeSafetensors(named(sequential));
    expect(() => readModel(file, "theirs", { image: [2, 4] })).toThrow(
      new InputError("theirs takes 9 values, but images of 2 x 4 x 1 have 8."),
    );
  });
});

test("an unsnow model file is read as usual, without a remark", () => {
  const file = encodeModel({ network, layers });
  expect(readModel(file, "ours")).toEqual({ model: parseModel(file, "ours") });
});
