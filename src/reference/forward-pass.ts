import { mathOf, type ReferenceLayer } from "./layers.ts";

/**
 * The forward pass of rows through a network's layers from `first` up to, not including, `end`: from X[rows, inputs of the first]
 * to Y[rows, outputs of the last]. A residual output needs the input of the first layer.
 */
export function forwardPass(
  layers: readonly ReferenceLayer[],
  x: Float64Array,
  { first = 0, end = layers.length } = {},
): Float64Array {
  return layers
    .slice(first, end)
    .reduce((input, layer) => mathOf(layer).forward(layer, input, layer.activation, x), x);
}
