import type { ActivationName, LayerKind, LayerSpec } from "../spec/layer-specs.ts";
import { outputSize } from "../spec/layers.ts";
import type { LayerWeights, NetworkSpec } from "../spec/network.ts";
import { convBackward } from "./conv-backward.ts";
import { convForward } from "./conv-forward.ts";
import { convGradient } from "./conv-gradient.ts";
import type { ConvLayer } from "./conv-layer.ts";
import { convLoss } from "./conv-loss.ts";
import { denseBackward } from "./dense-backward.ts";
import { denseForward } from "./dense-forward.ts";
import { denseLoss, type OutputLoss, type OutputTask } from "./dense-loss.ts";
import { upBackward } from "./up-backward.ts";
import { upForward } from "./up-forward.ts";
import { addGradient, type LayerGradient } from "./weight-update.ts";

/** A layer in float64: its kind and sizes, and its parameters in PyTorch's order. */
export type ReferenceLayer<K extends LayerKind = LayerKind> = LayerSpec<K> & {
  readonly weight: Float64Array;
  readonly bias: Float64Array;
};

/** The computations of a kind of layer, on rows [rows, values]. */
export interface KindMath<K extends LayerKind> {
  /** Y = activation(layer(X) + added); a residual output needs `networkInput`. */
  readonly forward: (
    layer: ReferenceLayer<K>,
    x: Float64Array,
    activation: ActivationName,
    networkInput?: Float64Array,
    added?: Float64Array,
  ) => Float64Array;
  /** The last layer with its loss. */
  readonly loss: (layer: ReferenceLayer<K>, x: Float64Array, task: OutputTask) => OutputLoss;
  /** dX from dY, if X is the output of a ReLU, and from the gradient of a later layer that adds X. */
  readonly backward: (
    layer: ReferenceLayer<K>,
    x: Float64Array,
    dy: Float64Array,
    adder?: Float64Array,
  ) => Float64Array;
  /** Adds the gradient with respect to the layer's parameters to `sums`. */
  readonly addGradient: (
    sums: LayerGradient,
    layer: ReferenceLayer<K>,
    x: Float64Array,
    dy: Float64Array,
  ) => void;
}

const kinds: { readonly [K in LayerKind]: KindMath<K> } = {
  dense: { forward: denseForward, loss: denseLoss, backward: denseBackward, addGradient },
  conv: {
    forward: (layer, ...rest) => convForward(convolution(layer), ...rest),
    loss: (layer, ...rest) => convLoss(convolution(layer), ...rest),
    backward: (layer, ...rest) => convBackward(convolution(layer), ...rest),
    addGradient: (sums, layer, x, dy) => convGradient(sums, convolution(layer), x, dy),
  },
  up: {
    forward: (layer, ...rest) => upForward(transposed(layer), ...rest),
    loss: () => {
      throw new RangeError("A transposed convolution is never the last layer.");
    },
    backward: (layer, ...rest) => upBackward(transposed(layer), ...rest),
    addGradient: (sums, layer, x, dy) => convGradient(sums, transposed(layer), x, dy, true),
  },
};

function convolution(layer: ReferenceLayer<"conv">): ConvLayer {
  const { input, stride, weight, bias } = layer;
  return { big: input, small: outputSize(layer), stride, weight, bias };
}

function transposed(layer: ReferenceLayer<"up">): ConvLayer {
  const { input, weight, bias } = layer;
  return { big: outputSize(layer), small: input, stride: 2, weight, bias };
}

/** The computations of a layer's kind. */
export function mathOf<K extends LayerKind>({ kind }: ReferenceLayer<K>): KindMath<K> {
  return kinds[kind];
}

/** A network's layers with these weights, in float64. */
export function referenceLayers({ layers }: NetworkSpec, weights: readonly LayerWeights[]): ReferenceLayer[] {
  return layers.map((layer, index) => ({
    ...layer,
    weight: Float64Array.from(weights[index]?.weight ?? []),
    bias: Float64Array.from(weights[index]?.bias ?? []),
  }));
}
