import { describe, expect, test } from "vitest";
import { formatLayers, hiddenLayers, layersJson, parseLayers } from "../../src/spec/layer-text.ts";
import { denseLayers } from "../../src/spec/layers.ts";
import {
  autoencoder,
  codeOf,
  endsOf,
  hiddenOf,
  multiplyAdds,
  parameterCount,
} from "../../src/spec/network.ts";

describe("hidden layers", () => {
  test.each([
    ["32", denseLayers(32)],
    ["512,128,512", denseLayers(512, 128, 512)],
    [" 512, 128 ,512 ", denseLayers(512, 128, 512)],
    ["512 128;512", denseLayers(512, 128, 512)],
    ["", []],
    ["dense:512,128", denseLayers(512, 128)],
    ["1e3", denseLayers(1000)],
  ])("can be read from the text %j", (text, layers) => {
    expect(parseLayers(text)).toEqual(layers);
    expect(parseLayers(formatLayers(layers))).toEqual(layers);
  });

  test.each([
    ",",
    "32,,32",
    "x",
    "0x10",
    "dense:",
    "dense",
    "wide:3",
    "12 nodes",
    "512,128x",
    "constructor:3",
  ])("cannot be read from the text %j", (text) => {
    expect(() => parseLayers(text)).toThrow(/ is not a hidden layer: write/);
  });

  test.each([
    [
      [512, 128],
      [512, 128],
    ],
    [
      [512, "dense:128"],
      [512, 128],
    ],
    ["512,128", [512, 128]],
    [denseLayers(512, 128), [512, 128]],
  ])("can be made from %j", (given, widths) => {
    const layers = hiddenLayers(given);
    expect(layers).toEqual(denseLayers(...widths));
    expect(layersJson(layers)).toEqual(widths);
  });

  test.each([undefined, null, 32, { hidden: [32] }, [null], [[32]], [{ kind: "wide", width: 3 }], [true]])(
    "cannot be made from %j",
    (given) => {
      expect(() => hiddenLayers(given)).toThrow(/hidden layer/);
    },
  );
});

describe("a network", () => {
  const network = autoencoder([4, 5], [7, 3, 7], { channels: 3, output: "linear" });

  test("has its layers in order, the last one with the image's size", () => {
    expect(network.layers).toEqual([
      { kind: "dense", inputs: 60, outputs: 7, activation: "relu" },
      { kind: "dense", inputs: 7, outputs: 3, activation: "relu" },
      { kind: "dense", inputs: 3, outputs: 7, activation: "relu" },
      { kind: "dense", inputs: 7, outputs: 60, activation: "linear" },
    ]);
    expect(hiddenOf(network)).toEqual(denseLayers(7, 3, 7));
    expect(endsOf(network.layers.slice(1, 3))).toEqual({ inputs: 7, outputs: 7 });
  });

  test("counts its multiplications, its weights and its biases", () => {
    expect(multiplyAdds(network)).toBe(60 * 7 + 7 * 3 + 3 * 7 + 7 * 60);
    expect(parameterCount(network)).toBe(60 * 7 + 7 * 3 + 3 * 7 + 7 * 60 + 7 + 3 + 7 + 60);
  });

  test("has its code in the narrowest hidden layer, or in the middlemost of several", () => {
    expect(codeOf(network)).toEqual({ depth: 2, size: 3 });
    expect(codeOf(autoencoder([4, 5], [3, 9, 4]))).toEqual({ depth: 1, size: 3 });
    expect(codeOf(autoencoder([4, 5], [9, 9, 9]))).toEqual({ depth: 2, size: 9 });
  });

  test.each([
    [[], "A network needs 1 to 15 hidden layers, but 0 are given."],
    [Array(16).fill(3), "A network needs 1 to 15 hidden layers, but 16 are given."],
    [[3, 0], "The width of a hidden layer must be a whole number from 1 to 65536, but it is 0."],
    [[1.5], "The width of a hidden layer must be a whole number from 1 to 65536, but it is 1.5."],
  ])("cannot be made from the hidden layers %j", (hidden, message) => {
    expect(() => autoencoder([4, 5], hidden)).toThrow(message);
  });
});
