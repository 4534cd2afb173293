import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { checkWeights, encodeModel, parseModel } from "../../src/formats/model-file.ts";
import { encodeSafetensors, parseSafetensors, type Tensor } from "../../src/formats/safetensors.ts";
import { InputError } from "../../src/spec/input-error.ts";
import { outputNames } from "../../src/spec/layer-specs.ts";
import { autoencoder, endsOf, type Model } from "../../src/spec/network.ts";
import { refusalOf } from "./refusal.ts";

/** Written by PyTorch: see fixtures/tiny-model.py. */
const tinyFile = new Uint8Array(readFileSync(new URL("fixtures/tiny-model.safetensors", import.meta.url)));
const tiny = JSON.parse(readFileSync(new URL("fixtures/tiny-model.json", import.meta.url), "utf8")) as {
  pixels: number[];
  output: number[];
};

/** A model whose weights are all different. */
function numberedModel(image: readonly [number, number], hidden: readonly number[]): Model {
  const network = autoencoder(image, hidden);
  let next = 0;
  const numbers = (length: number) => Float32Array.from({ length }, () => next++ / 64);
  const layers = network.layers
    .map((layer) => endsOf([layer]))
    .map(({ inputs, outputs }) => ({
      weight: numbers(outputs * inputs),
      bias: numbers(outputs),
    }));
  return { network, layers };
}

const networkJson = {
  inputs: 6,
  hidden: [2],
  activation: "relu",
  output: "sigmoid",
  image: [2, 3],
  channels: 1,
};

/** A file of a 6-2-6 network for 2 x 3 images, with changed tensors and network. */
function fileOf(
  changes: Record<string, Tensor | undefined> = {},
  network: unknown = networkJson,
): Uint8Array {
  const zeros = (...shape: number[]) => ({
    shape,
    values: new Float32Array(shape.reduce((a, b) => a * b, 1)),
  });
  const tensors = new Map<string, Tensor>([
    ["layers.0.weight", zeros(2, 6)],
    ["layers.0.bias", zeros(2)],
    ["layers.1.weight", zeros(6, 2)],
    ["layers.1.bias", zeros(6)],
  ]);
  for (const [key, tensor] of Object.entries(changes)) {
    if (tensor === undefined) tensors.delete(key);
    else tensors.set(key, tensor);
  }
  const text = typeof network === "string" ? network : JSON.stringify(network);
  return encodeSafetensors(tensors, new Map([["network", text]]));
}

function refusal(bytes: Uint8Array): string {
  return refusalOf(() => parseModel(bytes, "odd.safetensors"), "odd.safetensors");
}

describe("a model file written by PyTorch", () => {
  test("describes its network", () => {
    expect(parseModel(tinyFile, "tiny").network).toEqual(autoencoder([2, 3], [5, 2, 4]));
  });

  test("gives PyTorch's results", () => {
    const { network, layers } = parseModel(tinyFile, "tiny");
    let values = tiny.pixels;
    network.layers.forEach((layer, index) => {
      const { inputs, outputs } = endsOf([layer]);
      const { activation } = layer;
      const { weight = new Float32Array(), bias = [] } = layers[index] ?? {};
      values = Array.from({ length: outputs }, (_, row) => {
        const products = Array.from(
          weight.subarray(row * inputs, (row + 1) * inputs),
          (w, i) => w * (values[i] ?? 0),
        );
        const z = products.reduce((sum, product) => sum + product, bias[row] ?? 0);
        return activation === "relu" ? Math.max(z, 0) : 1 / (1 + Math.exp(-z));
      });
    });
    expect(values.length).toBe(6);
    values.forEach((value, index) => {
      expect(value).toBeCloseTo(tiny.output[index] ?? Number.NaN, 14);
    });
  });

  test("equals the file that is written for the same model, except for spaces in the JSON", () => {
    const written = encodeModel(parseModel(tinyFile, "tiny"));
    expect(parseSafetensors(written, "written").tensors).toEqual(parseSafetensors(tinyFile, "tiny").tensors);
  });

  test("is refused or read completely, however it was changed", () => {
    const change = fc.record({ at: fc.nat(tinyFile.length - 1), to: fc.nat(255) });
    fc.assert(
      fc.property(fc.array(change, { maxLength: 3 }), fc.nat(tinyFile.length), (changes, cut) => {
        const damaged = tinyFile.slice(0, cut % 3 === 0 ? cut : undefined);
        for (const { at, to } of changes) if (at < damaged.length) damaged[at] = to;
        try {
          const { network, layers } = parseModel(damaged, "a");
          network.layers.forEach((layer, index) => {
            const { inputs, outputs } = endsOf([layer]);
            expect(layers[index]?.weight.length).toBe(outputs * inputs);
            expect(layers[index]?.bias.length).toBe(outputs);
          });
        } catch (error) {
          expect(error).toBeInstanceOf(InputError);
        }
      }),
      { numRuns: 2000 },
    );
  });
});

describe("encodeModel", () => {
  test.each([
    [[28, 28], [32]],
    [
      [2, 3],
      [5, 2, 4],
    ],
    [[1, 1], [1]],
  ] as const)("is read back: %j %j", (image, hidden) => {
    const model = numberedModel(image, hidden);
    expect(parseModel(encodeModel(model), "a")).toEqual(model);
  });

  test("writes PyTorch's names, shapes and order, and the network as JSON", () => {
    const { tensors, metadata } = parseSafetensors(encodeModel(numberedModel([2, 3], [2])), "a");
    expect([...tensors].map(([key, { shape }]) => [key, shape])).toEqual([
      ["layers.0.weight", [2, 6]],
      ["layers.0.bias", [2]],
      ["layers.1.weight", [6, 2]],
      ["layers.1.bias", [6]],
    ]);
    expect(JSON.parse(metadata.get("network") ?? "")).toEqual(networkJson);
  });

  test("stores weights as F16 in half the bytes, each rounded like PyTorch's half()", () => {
    const layers = [
      { weight: Float32Array.of(1 / 3), bias: Float32Array.of(0.1) },
      { weight: Float32Array.of(65_519.9), bias: Float32Array.of(1e-5) },
    ];
    const model = { network: autoencoder([1, 1], [1]), layers };
    const bytes = encodeModel(model, undefined, "F16");
    expect([...new Uint16Array(bytes.slice(-8).buffer)]).toEqual([0x3555, 0x2e66, 0x7bff, 0xa8]);
    const read = parseModel(bytes, "a").layers.flatMap(({ weight, bias }) => [...weight, ...bias]);
    expect(read).toEqual([0.333251953125, 0.0999755859375, 65_504, 168 * 2 ** -24]);
  });

  test("refuses weights that F16 would make infinite", () => {
    const model = numberedModel([2, 3], [2]);
    model.layers[1]?.weight.fill(65_520, 4, 5);
    expect(() => encodeModel(model, undefined, "F16")).toThrow(
      new InputError(
        "The tensor layers.1.weight holds 65520 at index 4, which is too large for the dtype F16.",
      ),
    );
    expect(() => encodeModel(model)).not.toThrow();
  });

  test("refuses a model that could not be read again", () => {
    const model = numberedModel([2, 3], [2]);
    const [first, second] = model.layers;
    expect(() => encodeModel({ ...model, layers: first ? [first] : [] })).toThrow(RangeError);
    expect(() => encodeModel({ ...model, layers: second && first ? [second, first] : [] })).toThrow(
      RangeError,
    );
    second?.bias.fill(Number.NaN, 3);
    expect(() => encodeModel(model)).toThrow(
      new InputError("The tensor layers.1.bias of the model holds NaN at index 3, which is not finite."),
    );
  });
});

describe("parseModel", () => {
  test("reads the unchanged file of these tests", () => {
    expect(parseModel(fileOf(), "a").network).toEqual(autoencoder([2, 3], [2]));
  });

  test.each([
    [
      "activation",
      { ...networkJson, activation: "tanh" },
      'the activation "tanh", but only "relu" is known.',
    ],
    [
      "output",
      { ...networkJson, output: undefined },
      "the output undefined, but it must be one of sigmoid, linear, residual.",
    ],
    [
      "hidden",
      { ...networkJson, hidden: 2 },
      "The hidden layers must be a list, as [512, 128, 512], but they are 2.",
    ],
    ["hidden", { ...networkJson, hidden: ["two"] }, '"two" is not a hidden layer'],
    ["hidden", { ...networkJson, hidden: [] }, "cannot be used: A network needs 1 to 15 hidden layers"],
    ["hidden", { ...networkJson, hidden: [1e9] }, "cannot be used: The width of a hidden layer must be"],
    ["image", { ...networkJson, image: [6] }, "must have an image of [rows, columns], but has [6]."],
    ["image", { ...networkJson, image: [0, 6] }, "cannot be used: The number of image rows must be"],
    ["image", { ...networkJson, image: [1e6, 1e6] }, "cannot be used: The number of values of an image"],
    ["channels", { ...networkJson, channels: 2 }, "cannot be used: Images have 1 channel (grey) or 3 (RGB)"],
    ["channels", { ...networkJson, channels: "3" }, 'must have 1 or 3 channels, but has "3".'],
    ["inputs", { ...networkJson, channels: 3 }, "has 6 inputs, but its images of 2 x 3 pixels need 18."],
    ["inputs", { ...networkJson, inputs: 7 }, "has 7 inputs, but its images of 2 x 3 pixels need 6."],
    ["inputs", { ...networkJson, inputs: "6" }, 'has "6" inputs, but'],
    ["JSON", "{", "The network in odd.safetensors is not valid JSON."],
    ["JSON", "[]", "The network in odd.safetensors is not a JSON object."],
    ["JSON", '{"inputs":6,"inputs":6}', 'The network in odd.safetensors has the key "inputs" twice.'],
  ])("refuses a network whose %s is wrong: %j", (_, network, sentence) => {
    expect(refusal(fileOf({}, network))).toContain(sentence);
  });

  test("reads networks with other outputs, and older files, which lack the channels", () => {
    const { channels: _, ...grey } = networkJson;
    expect(parseModel(fileOf({}, grey), "a").network).toEqual(autoencoder([2, 3], [2]));
    for (const output of outputNames) {
      const network = autoencoder([2, 3], [2], { output });
      expect(parseModel(fileOf({}, { ...networkJson, output }), "a").network).toEqual(network);
    }
  });

  test("refuses a file that does not describe its network", () => {
    expect(refusal(encodeSafetensors(new Map()))).toContain("lacks __metadata__.network");
  });

  test.each([
    [
      "transposed",
      { "layers.0.weight": { shape: [6, 2], values: new Float32Array(12) } },
      "The tensor layers.0.weight of odd.safetensors has the shape [6,2], but the network 6-2-6 needs [2,6].",
    ],
    [
      "of another rank",
      { "layers.1.bias": { shape: [6, 1], values: new Float32Array(6) } },
      "The tensor layers.1.bias of odd.safetensors has the shape [6,1], but the network 6-2-6 needs [6].",
    ],
    [
      "missing",
      { "layers.0.bias": undefined },
      "odd.safetensors lacks the tensor layers.0.bias that the network 6-2-6 needs.",
    ],
    [
      "unknown",
      { "layers.2.bias": { shape: [1], values: new Float32Array(1) } },
      'odd.safetensors has the tensor "layers.2.bias", which the network 6-2-6 does not use.',
    ],
    [
      "infinite",
      { "layers.0.bias": { shape: [2], values: Float32Array.of(0, -Infinity) } },
      "The tensor layers.0.bias of odd.safetensors holds -Infinity at index 1, which is not finite.",
    ],
  ] satisfies [string, Record<string, Tensor | undefined>, string][])(
    "refuses a tensor that is %s",
    (_, changes, sentence) => {
      expect(refusal(fileOf(changes))).toBe(sentence);
    },
  );
});

describe("checkWeights", () => {
  const model = numberedModel([2, 3], [4]);

  test("accepts weights of the run's network", () => {
    expect(() => checkWeights(model, autoencoder([2, 3], [4]), "w")).not.toThrow();
  });

  test.each([
    [[2, 3] as const, [5], "6-5-6 (relu, sigmoid) for images of 2 x 3 pixels"],
    [[2, 3] as const, [4, 4], "6-4-4-6 (relu, sigmoid) for images of 2 x 3 pixels"],
    [[3, 2] as const, [4], "6-4-6 (relu, sigmoid) for images of 3 x 2 pixels"],
  ])("refuses those of another network: %j %j", (image, hidden, run) => {
    expect(() => checkWeights(model, autoencoder(image, hidden), "w")).toThrow(
      new InputError(
        `The weights of w are those of 6-4-6 (relu, sigmoid) for images of 2 x 3 pixels, but the run's network is ${run}.`,
      ),
    );
  });
});
