import { describe, expect, test } from "vitest";
import { checkTold, readModel } from "../../src/formats/foreign-model.ts";
import { encodeModel, parseModel } from "../../src/formats/model-file.ts";
import { encodeSafetensors, type Tensor } from "../../src/formats/safetensors.ts";
import { initialWeights } from "../../src/network/initial-weights.ts";
import { InputError } from "../../src/spec/input-error.ts";
import { parseLayers } from "../../src/spec/layer-text.ts";
import { parameterShapes } from "../../src/spec/layers.ts";
import { autoencoder, networkName } from "../../src/spec/network.ts";
import { denoised } from "../cli/fixtures.ts";
import { MadeNumbers } from "../kernels/made-numbers.ts";

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
      'The tensor "1.running_mean" of theirs is neither the weight nor the bias of a layer.',
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

  describe("with tied weights", () => {
    const numbers = new MadeNumbers("tied");
    const random = (...shape: number[]): Tensor => ({
      shape,
      values: Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => numbers.next()),
    });
    const encoder = { first: random(5, 9), second: random(2, 5) };
    const biases = [random(5), random(2), random(5), random(9)];
    const names = ["encoder.0", "encoder.2", "decoder.0", "decoder.2"];
    const transposed = ({ shape: [rows = 0, columns = 0], values }: Tensor): Tensor => ({
      shape: [columns, rows],
      values: Float32Array.from(
        values,
        (_, at) => values[(at % rows) * columns + Math.floor(at / rows)] ?? 0,
      ),
    });
    const withWeights = (weights: readonly (readonly [string, Tensor])[]) => {
      const own = names.map((name, index) => [`${name}.bias`, biases[index] ?? random(1)] as const);
      return encodeSafetensors(new Map([...own, ...weights].sort(([a], [b]) => (a < b ? -1 : 1))));
    };
    const ofEncoder = [
      ["encoder.0.weight", encoder.first],
      ["encoder.2.weight", encoder.second],
    ] as const;
    const ofDecoder = [
      ["decoder.0.weight", transposed(encoder.second)],
      ["decoder.2.weight", transposed(encoder.first)],
    ] as const;

    test("is the model whose decoder has the encoder's weights transposed, whichever half the file keeps", () => {
      const explicit = readModel(withWeights([...ofEncoder, ...ofDecoder]), "theirs");
      for (const half of [ofEncoder, ofDecoder]) {
        const { model, remark } = readModel(withWeights(half), "theirs");
        expect(model).toEqual(explicit.model);
        expect(remark).toContain(
          "read as 9-5-2-5-9 on grey images of 3 x 3 pixels, with ReLU activations, tied weights and",
        );
      }
      expect(explicit.remark).not.toContain("tied");
    });

    test("gives what x W^T and h W give", () => {
      const { model } = readModel(withWeights(ofEncoder), "theirs");
      const image = Array.from({ length: 9 }, (_, pixel) => pixel / 9);
      // y = act(W x + b), and with the weight tied y = act(W^T h + b), from the file's two matrices alone.
      const relu = (z: number) => Math.max(z, 0);
      const sigmoid = (z: number) => 1 / (1 + Math.exp(-z));
      const by = (
        x: readonly number[],
        { shape, values }: Tensor,
        bias: Tensor | undefined,
        back: boolean,
      ) => {
        const [outputs = 0, inputs = 0] = shape;
        return Array.from({ length: back ? inputs : outputs }, (_, to) =>
          x.reduce((sum, value, from) => {
            const at = back ? from * inputs + to : to * inputs + from;
            return sum + value * (values[at] ?? Number.NaN);
          }, bias?.values[to] ?? Number.NaN),
        );
      };
      const code = by(
        by(image, encoder.first, biases[0], false).map(relu),
        encoder.second,
        biases[1],
        false,
      ).map(relu);
      const wanted = by(
        by(code, encoder.second, biases[2], true).map(relu),
        encoder.first,
        biases[3],
        true,
      ).map(sigmoid);
      denoised(model, image).forEach((value, pixel) => {
        expect(value).toBeCloseTo(wanted[pixel] ?? Number.NaN, 12);
      });
    });

    test.each([
      [
        "a bias of another length",
        { "encoder.0.weight": zeros(4, 9), "encoder.0.bias": zeros(4), "decoder.0.bias": zeros(8) },
        "theirs has the tensor decoder.0.bias [8], but no decoder.0.weight: if its weights are tied to encoder.0.weight [4,9], save them as decoder.0.weight too.",
      ],
      [
        "convolutions",
        { "encoder.0.weight": zeros(4, 1, 3, 3), "encoder.0.bias": zeros(4), "decoder.0.bias": zeros(1) },
        "theirs has the tensor decoder.0.bias [1], but no decoder.0.weight: if its weights are tied to encoder.0.weight [4,1,3,3], save them as decoder.0.weight too.",
      ],
      [
        "a layer in the middle without a weight",
        { "0.weight": zeros(4, 9), "1.bias": zeros(4), "2.weight": zeros(9, 4) },
        "theirs has the tensor 1.bias, but no 1.weight.",
      ],
    ])("is refused with %s", (_, tensors: Record<string, Tensor>, sentence) => {
      const file = encodeSafetensors(new Map(Object.entries(tensors)));
      expect(() => readModel(file, "theirs")).toThrow(new InputError(sentence));
    });
  });

  test("in colour needs the channels of dense layers, and takes the sides alone of convolutions", () => {
    const dense = encodeSafetensors(
      new Map(Object.entries({ "0.weight": zeros(2, 24), "2.weight": zeros(24, 2) })),
    );
    expect(() => readModel(dense, "theirs", { image: [4, 2] })).toThrow(
      new InputError(
        "theirs takes 24 values, three for each of 4 x 2 pixels: give the image as 4x2x3, in colour.",
      ),
    );
    expect(readModel(dense, "theirs", { image: [4, 2, 3] }).model.network).toMatchObject({
      image: [4, 2],
      channels: 3,
    });
    const convolutions = encodeSafetensors(
      new Map(Object.entries({ "0.weight": zeros(4, 3, 3, 3), "2.weight": zeros(3, 4, 3, 3) })),
    );
    const told = { image: [24, 20] };
    const { model } = readModel(convolutions, "theirs", told);
    expect(model.network).toMatchObject({ image: [24, 20], channels: 3 });
    expect(() => checkTold(model.network, told, "theirs")).not.toThrow();
    expect(() => checkTold(model.network, { image: [24, 20, 1] }, "theirs")).toThrow(
      new InputError("theirs says that its images are 24 x 20 x 3, so they cannot be 24 x 20 x 1."),
    );
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
