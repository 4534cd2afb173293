import { philox, unitInterval } from "../math/philox.ts";
import { streams } from "../math/streams.ts";
import { type LayerWeights, layersOf, type NetworkSpec } from "../spec/network.ts";
import type { InitializationName } from "../spec/training.ts";

/**
 * Random weights and zero biases (see InitializationName). The last layer of a residual network starts with zeros: the
 * network leaves its input as it is, and learns from there (Zhang, Dauphin and Ma 2019, "Fixup initialization",
 * arXiv:1901.09321). The same seed gives the same weights on every machine.
 */
export function initialWeights(
  network: NetworkSpec,
  seed: number,
  initialization: InitializationName = "glorot",
): LayerWeights[] {
  return layersOf(network).map(({ inputs, outputs, activation }, layer) => {
    if (activation === "residual") {
      return { weight: new Float32Array(outputs * inputs), bias: new Float32Array(outputs) };
    }
    const he = initialization === "he" && activation === "relu";
    const limit = Math.sqrt(6 / (he ? inputs : inputs + outputs));
    const weight = new Float32Array(outputs * inputs);
    for (let i = 0; i < weight.length; i += 4) {
      const words = philox([i / 4, layer, 0, 0], [seed, streams.initialWeights]);
      // A last, incomplete quad drops what it has no place for.
      words.forEach((word, j) => {
        if (i + j < weight.length) weight[i + j] = limit * (2 * unitInterval(word) - 1);
      });
    }
    return { weight, bias: new Float32Array(outputs) };
  });
}
