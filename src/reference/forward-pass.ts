import { mathOf, type ReferenceLayer, referenceMath } from "./layers.ts";

/**
 * Rows through a network's layers from `first` up to, not including, `end`: X[rows, inputs of the first] to
 * Y[rows, outputs of the last]. A residual output needs what the first layer of all was given. `math` is how layers are computed.
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
