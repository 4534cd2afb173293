import { type LayerWeights, layersOf, type NetworkSpec } from "../spec/network.ts";

/** A dense layer in float64: weight [outputs, inputs], bias [outputs]. */
export interface DenseLayer {
  readonly inputs: number;
  readonly outputs: number;
  readonly weight: Float64Array;
  readonly bias: Float64Array;
}

/** The float64 twins of a network's weights. */
export function denseLayers(network: NetworkSpec, weights: readonly LayerWeights[]): DenseLayer[] {
  return layersOf(network).map(({ inputs, outputs }, index) => ({
    inputs,
    outputs,
    weight: Float64Array.from(weights[index]?.weight ?? []),
    bias: Float64Array.from(weights[index]?.bias ?? []),
  }));
}
