import { elementCount } from "../data/shapes.ts";
import { philox, unitInterval } from "../math/philox.ts";
import { streams } from "../math/streams.ts";
import type { LayerSpec, OutputName } from "../spec/layer-specs.ts";
import { fansOf, parameterShapes } from "../spec/layers.ts";
import { imageValues, type LayerWeights, type NetworkSpec } from "../spec/network.ts";
import type { InitializationName } from "../spec/settings.ts";

/** The bounds of a layer's uniform draws: U(-weight, weight) and U(-bias, bias). */
interface Limits {
  readonly weight: number;
  readonly bias: number;
}

const limitsOf: { readonly [name in InitializationName]: (layer: LayerSpec) => Limits } = {
  glorot: (layer) => beforeOutput(layer, Math.sqrt(6 / (fansOf(layer).in + fansOf(layer).out))),
  he: (layer) =>
    layer.activation === "relu"
      ? { weight: Math.sqrt(6 / fansOf(layer).perOutput), bias: 0 }
      : limitsOf.glorot(layer),
  torch: (layer) => ({ weight: 1 / Math.sqrt(fansOf(layer).in), bias: 1 / Math.sqrt(fansOf(layer).in) }),
  identity: (layer) => limitsOf.torch(layer),
};

/**
 * Initializes the last layer of a residual network with zeros: the network initially leaves its input unchanged
 * (Zhang, Dauphin and Ma 2019, "Fixup initialization", arXiv:1901.09321). PyTorch's small weights do not need this.
 */
function beforeOutput({ activation }: LayerSpec, weight: number): Limits {
  return { weight: activation === "residual" ? 0 : weight, bias: 0 };
}

/**
 * Random weights and biases (see InitializationName). The same seed gives the same values on every machine. `centre`
 * is subtracted from the network's input (see inputCentre). Widths must be as checkTraining requires.
 */
export function initialWeights(
  network: NetworkSpec,
  seed: number,
  initialization: InitializationName = "glorot",
  centre = 0,
): LayerWeights[] {
  return network.layers.map((spec, layer) => {
    const limits = limitsOf[initialization](spec);
    const shapes = parameterShapes(spec);
    const weights = {
      weight: uniform(elementCount(shapes.weight), limits.weight, [layer, 0], seed),
      bias: uniform(elementCount(shapes.bias), limits.bias, [layer, 1], seed),
    };
    if (initialization === "identity" && spec.kind === "dense")
      handOn(weights, spec, imageValues(network), layer === 0 ? centre : 0);
    return weights;
  });
}

/** z = gain x + offset, for the values x of an image as passed on by the last hidden layer. */
const start: { readonly [name in OutputName]: { readonly gain: number; readonly offset: number } } = {
  // Maps black and white to 0.02 and 0.98. A gain of 5 would be closest to linear, but would not get as close to
  // black and white.
  sigmoid: { gain: 8, offset: -4 },
  linear: { gain: 1, offset: 0 },
  residual: { gain: 0, offset: 0 },
};

/**
 * Makes the first `values` nodes of a layer copy the corresponding nodes of the previous layer, scaled in the output
 * layer.
 */
function handOn(
  { weight, bias }: LayerWeights,
  { inputs, activation }: LayerSpec<"dense">,
  values: number,
  centre: number,
): void {
  const hidden = activation === "relu";
  const { gain, offset } = hidden ? { gain: 1, offset: centre } : start[activation];
  for (let node = 0; node < values; node++) {
    weight.fill(0, node * inputs, node * inputs + (hidden ? inputs : values));
    weight[node * inputs + node] = gain;
    bias[node] = offset;
  }
}

/** `count` draws from U(-limit, limit), separate for each layer and for its weights (0) and biases (1). */
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
    // A last, incomplete quad drops the excess numbers.
    words.forEach((word, j) => {
      if (i + j < count) values[i + j] = limit * (2 * unitInterval(word) - 1);
    });
  }
  return values;
}
