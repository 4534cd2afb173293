import { philox, unitInterval } from "../math/philox.ts";
import { streams } from "../math/streams.ts";
import { type LayerSpec, type LayerWeights, layersOf, type NetworkSpec } from "../spec/network.ts";
import type { InitializationName } from "../spec/training.ts";

/** The bounds of a layer's uniform draws: U(-weight, weight) and U(-bias, bias). */
interface Limits {
  readonly weight: number;
  readonly bias: number;
}

const limitsOf: { readonly [name in InitializationName]: (layer: LayerSpec) => Limits } = {
  glorot: (layer) => beforeOutput(layer, Math.sqrt(6 / (layer.inputs + layer.outputs))),
  he: (layer) =>
    layer.activation === "relu" ? { weight: Math.sqrt(6 / layer.inputs), bias: 0 } : limitsOf.glorot(layer),
  torch: ({ inputs }) => ({ weight: 1 / Math.sqrt(inputs), bias: 1 / Math.sqrt(inputs) }),
};

/**
 * The last layer of a residual network starts with zeros: the network leaves its input as it is, and learns from there
 * (Zhang, Dauphin and Ma 2019, "Fixup initialization", arXiv:1901.09321). PyTorch's small weights need no such care.
 */
function beforeOutput({ activation }: LayerSpec, weight: number): Limits {
  return { weight: activation === "residual" ? 0 : weight, bias: 0 };
}

/** Random weights and biases (see InitializationName). The same seed gives the same ones on every machine. */
export function initialWeights(
  network: NetworkSpec,
  seed: number,
  initialization: InitializationName = "glorot",
): LayerWeights[] {
  return layersOf(network).map((shape, layer) => {
    const limits = limitsOf[initialization](shape);
    return {
      weight: uniform(shape.outputs * shape.inputs, limits.weight, [layer, 0], seed),
      bias: uniform(shape.outputs, limits.bias, [layer, 1], seed),
    };
  });
}

/** `count` draws from U(-limit, limit), their own for each layer and for its weights (0) and biases (1). */
function uniform(
  count: number,
  limit: number,
  [layer, part]: [number, number],
  seed: number,
): Float32Array<ArrayBuffer> {
  const values = new Float32Array(count);
  if (limit === 0) return values;
  for (let i = 0; i < count; i += 4) {
    const words = philox([i / 4, layer, part, 0], [seed, streams.initialWeights]);
    // A last, incomplete quad drops what it has no place for.
    words.forEach((word, j) => {
      if (i + j < count) values[i + j] = limit * (2 * unitInterval(word) - 1);
    });
  }
  return values;
}
