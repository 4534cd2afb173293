import type { LayerWeights } from "../spec/network.ts";

/**
 * Converts the layers of a network trained on x - centre for input x: W (x - c) + b = W x + (b - c W 1). Other layers
 * do not change. `foldCentre(layers, -centre)` is the inverse.
 */
export function foldCentre(layers: readonly LayerWeights[], centre: number): readonly LayerWeights[] {
  const [first, ...rest] = layers;
  if (centre === 0 || first === undefined) return layers;
  const { weight } = first;
  const inputs = weight.length / first.bias.length;
  const bias = first.bias.map((value, output) => {
    const row = weight.subarray(output * inputs, (output + 1) * inputs);
    return value - centre * row.reduce((sum, element) => sum + element, 0);
  });
  return [{ weight, bias }, ...rest];
}
