import { skipOf } from "../spec/layers.ts";
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
  const outputs: Float64Array[] = [];
  layers.slice(first, end).forEach((layer, index) => {
    const added = outputs[(skipOf(layer) ?? 0) - first - 1];
    outputs.push(mathOf(layer).forward(layer, outputs[index - 1] ?? x, layer.activation, x, added));
  });
  return outputs.at(-1) ?? x;
}
