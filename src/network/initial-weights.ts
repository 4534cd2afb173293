import { philox, unitInterval } from "../math/philox.ts";
import { streams } from "../math/streams.ts";
import { type LayerWeights, layersOf, type NetworkSpec } from "../spec/network.ts";

/**
 * Glorot-uniform weights, W ~ U(-l, l) with l = sqrt(6 / (inputs + outputs)), and zero biases (Glorot and Bengio,
 * "Understanding the difficulty of training deep feedforward neural networks", 2010), as Keras starts dense layers.
 * The same seed gives the same weights on every machine.
 */
export function initialWeights(network: NetworkSpec, seed: number): LayerWeights[] {
  return layersOf(network).map(({ inputs, outputs }, layer) => {
    const limit = Math.sqrt(6 / (inputs + outputs));
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
