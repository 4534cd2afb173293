import { expect, test } from "vitest";
import { cutFilters, rangeOf, weightPixels } from "../../../src/lab/inside/weights.ts";
import { autoencoder } from "../../../src/spec/network.ts";

/** Images of 1 x 2 pixels and three units. Each weight is 10 * unit + pixel. */
const model = {
  network: autoencoder([1, 2], [3]),
  layers: [
    { weight: Float32Array.of(0, 1, 10, 11, 20, 21), bias: new Float32Array(3) },
    { weight: Float32Array.of(0, 10, 20, 1, 11, -21), bias: new Float32Array(2) },
  ],
};

test("a unit's picture is its row of the encoder or its column of the decoder", () => {
  const encoder = cutFilters(model, { layer: "encoder", first: 0, count: 2 });
  expect([...encoder.weights]).toEqual([0, 1, 10, 11]);
  expect(encoder).toMatchObject({ rows: 1, columns: 2, units: 3, first: 0, greatest: 21 });
  const decoder = cutFilters(model, { layer: "decoder", first: 2, count: 2 });
  expect([...decoder.weights]).toEqual([20, -21]);
  expect(decoder).toMatchObject({ first: 2, greatest: 21 });
  expect(rangeOf(decoder.weights)).toEqual([-21, 20]);
});

test("the first unit is limited to the last page if the network has fewer units", () => {
  expect(cutFilters(model, { layer: "encoder", first: 64, count: 2 }).first).toBe(2);
  expect(cutFilters(model, { layer: "encoder", first: 64, count: 64 }).first).toBe(0);
});

test("in a deep network the layers next to the pixels are used", () => {
  const deep = {
    network: autoencoder([1, 2], [1, 3]),
    layers: [
      { weight: Float32Array.of(1, 2), bias: new Float32Array(1) },
      { weight: Float32Array.of(9, 9, 9), bias: new Float32Array(3) },
      { weight: Float32Array.of(0, 10, 20, 1, 11, 21), bias: new Float32Array(2) },
    ],
  };
  expect([...cutFilters(deep, { layer: "encoder", first: 0, count: 4 }).weights]).toEqual([1, 2]);
  expect([...cutFilters(deep, { layer: "decoder", first: 0, count: 4 }).weights]).toEqual([
    0, 1, 10, 11, 20, 21,
  ]);
});

test("a weight of 0 has the middle colour, and the greatest weights have the end colours", () => {
  const colors = Uint8ClampedArray.from({ length: 4 * 5 }, (_, index) => Math.floor(index / 4));
  const places = (weights: number[], greatest: number) =>
    [...weightPixels(Float32Array.from(weights), greatest, colors)].filter((_, index) => index % 4 === 0);
  expect(places([-2, -1, 0, 1, 2, 3], 2)).toEqual([0, 1, 2, 3, 4, 4]);
  expect(places([0], 0)).toEqual([2]);
});
