import type { Picture } from "../../src/data/picture.ts";
import { initialWeights } from "../../src/network/initial-weights.ts";
import type { GivenLayers } from "../../src/spec/layer-text.ts";
import { autoencoder, type Model, type NetworkOptions } from "../../src/spec/network.ts";
import { MadeNumbers } from "../kernels/made-numbers.ts";

/** A picture of random values, which are always the same for a size. */
export function madePicture(rows: number, columns: number, channels: number): Picture {
  const values = new MadeNumbers(`picture ${rows} ${columns}`).floats(rows * columns * channels, 0, 1);
  return { rows, columns, channels, values };
}

/** A small network with PyTorch's initial weights: no bias is 0, nor is the last layer of a residual network. */
export function smallModel(
  image: readonly [number, number],
  options: NetworkOptions,
  hidden: GivenLayers = [6, 5],
): Model {
  const network = autoencoder(image, hidden, options);
  return { network, layers: initialWeights(network, 3, "torch") };
}

/** The same network with all weights and biases zero. */
export function blank({ network, layers }: Model): Model {
  const zeros = (values: Float32Array<ArrayBuffer>) => new Float32Array(values.length);
  return {
    network,
    layers: layers.map(({ weight, bias }) => ({ weight: zeros(weight), bias: zeros(bias) })),
  };
}
