import { layersOf, type NetworkSpec } from "../spec/network.ts";
import { denseForward } from "./dense-forward.ts";
import type { DenseLayer } from "./dense-layer.ts";

/**
 * Rows through a network's layers from `first` up to, not including, `end`: X[rows, inputs of the first] to
 * Y[rows, outputs of the last]. A residual output needs what the first layer of all was given.
 */
export function forwardPass(
  network: NetworkSpec,
  layers: readonly DenseLayer[],
  x: Float64Array,
  { first = 0, end = layers.length } = {},
): Float64Array {
  const activations = layersOf(network).map(({ activation }) => activation);
  return layers.slice(first, end).reduce((input, layer, index) => {
    return denseForward(layer, input, activations[first + index] ?? "linear", x);
  }, x);
}
