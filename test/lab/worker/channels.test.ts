import { expect, test } from "vitest";
import { cutChannels, strongestKernels } from "../../../src/lab/worker/channels.ts";
import { parameterShapes } from "../../../src/spec/layers.ts";
import { autoencoder } from "../../../src/spec/network.ts";

const network = autoencoder([4, 6], "conv:5/2,conv:3,up:2", { output: "residual" });

/** Weights in PyTorch's shapes. Those of a kernel [3, 3] are all 10 * its first index + its second one, the biases their index. */
const model = {
  network,
  layers: network.layers.map((layer) => {
    const [rows = 0, columns = 0] = parameterShapes(layer).weight;
    const weight = Float32Array.from(
      { length: rows * columns * 9 },
      (_, index) => 10 * Math.floor(index / 9 / columns) + (Math.floor(index / 9) % columns),
    );
    const [outputs = 0] = parameterShapes(layer).bias;
    return { weight, bias: Float32Array.from({ length: outputs }, (_, index) => index) };
  }),
};

test("a page of channels is cut from a layer's output, the last page if there are fewer", () => {
  const output = Float32Array.from({ length: 5 * 6 }, (_, index) => index - 20);
  const channels = cutChannels(network, 0, output, 2, 2);
  expect(channels).toMatchObject({
    name: "conv:5/2",
    rows: 2,
    columns: 3,
    channels: 5,
    first: 2,
    greatest: 20,
  });
  expect(channels.values).toEqual(output.slice(12, 24));
  const last = cutChannels(network, 0, output, 64, 2);
  expect(last.first).toBe(4);
  expect(last.values).toEqual(output.slice(24, 30));
  expect(cutChannels(network, 3, new Float32Array(24), 0, 16)).toMatchObject({
    ...{ name: "residual", rows: 4, columns: 6, channels: 1, first: 0 },
  });
});

const kernels = (layer: number, channel: number, count: number) => {
  const { weights, ...found } = strongestKernels(model, { layer, channel, count });
  return { ...found, weights: [...weights].filter((_, index) => index % 9 === 4), size: weights.length };
};

test("the kernels of a channel are those that PyTorch applies for it", () => {
  // Conv2d: [outputs, inputs, 3, 3]
  expect(kernels(1, 2, 32)).toEqual({
    ...{
      layer: 1,
      channel: 2,
      inputs: 5,
      from: [0, 1, 2, 3, 4],
      weights: [20, 21, 22, 23, 24],
      size: 45,
      bias: 2,
    },
  });
  expect(kernels(0, 4, 32)).toMatchObject({ inputs: 1, from: [0], weights: [40] });
  // ConvTranspose2d: [inputs, outputs, 3, 3]
  expect(kernels(2, 1, 32)).toMatchObject({ inputs: 3, from: [0, 1, 2], weights: [1, 11, 21], bias: 1 });
});

test("of many kernels the strongest are given, in the order of their channels", () => {
  const [, second] = model.layers;
  second?.weight.fill(-100, 9 * 11, 9 * 12);
  expect(kernels(1, 2, 2)).toMatchObject({ inputs: 5, from: [1, 4], weights: [-100, 24] });
});
