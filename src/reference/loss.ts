import type { ActivationName, OutputName } from "../spec/layer-specs.ts";
import type { LossName } from "../spec/settings.ts";
import { at, doubles } from "./elements.ts";

/** 1 / (1 + exp(-z)) */
export function sigmoid(z: number): number {
  return 1 / (1 + Math.exp(-z));
}

/** The network's output for logit z; x is the network's input at this place. */
export function outputValue(output: OutputName, z: number, x: number): number {
  switch (output) {
    case "sigmoid":
      return sigmoid(z);
    case "linear":
      return z;
    case "residual":
      return x - z;
  }
}

/**
 * Applies an activation to pre-activations Z in place. A residual output needs the network's input, with the
 * shape of Z.
 */
export function activated(
  z: Float64Array,
  activation: ActivationName,
  networkInput: ArrayLike<number> = [],
): Float64Array {
  const input = doubles(networkInput);
  for (let place = 0; place < z.length; place++) {
    const value = at(z, place);
    z[place] = activation === "relu" ? Math.max(value, 0) : outputValue(activation, value, at(input, place));
  }
  return z;
}

/** The derivative of outputValue with respect to z. */
function outputSlope(output: OutputName, z: number): number {
  switch (output) {
    case "sigmoid":
      return sigmoid(z) * (1 - sigmoid(z));
    case "linear":
      return 1;
    case "residual":
      return -1;
  }
}

/** One pixel of the last layer: its logit, the network's input at this position, and the target. */
export interface OutputPixel {
  readonly output: OutputName;
  readonly z: number;
  readonly x: number;
  readonly clean: number;
}

/** The loss of one pixel; binary cross-entropy requires a sigmoid. */
export function lossTerm(loss: LossName, { output, z, x, clean }: OutputPixel): number {
  switch (loss) {
    case "bce":
      return Math.max(z, 0) - z * clean + Math.log1p(Math.exp(-Math.abs(z)));
    case "mse":
      return (outputValue(output, z, x) - clean) ** 2;
  }
}

/** The derivative of lossTerm with respect to z. */
export function lossDerivative(loss: LossName, { output, z, x, clean }: OutputPixel): number {
  switch (loss) {
    case "bce":
      return sigmoid(z) - clean;
    case "mse":
      return 2 * (outputValue(output, z, x) - clean) * outputSlope(output, z);
  }
}
