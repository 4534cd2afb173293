import { mathOf, type ReferenceLayer, referenceMath } from "./layers.ts";

/**
 * Applies layers `first` up to, not including, `end` to rows: X[rows, inputs of the first] to Y[rows, outputs
 * of the last]. A residual output needs the input of the network's first layer. `math` computes the layers.
 */
export function forwardPass(
  layers: readonly ReferenceLayer[],
  x: Float64Array,
  { first = 0, end = layers.length, math = referenceMath } = {},
): Float64Array {
  return layers
    .slice(first, end)
    .reduce((input, layer) => mathOf(math, layer).forward(layer, input, layer.activation, x), x);
}
