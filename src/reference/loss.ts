import type { OutputName } from "../spec/network.ts";
import type { LossName } from "../spec/training.ts";

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

/** The derivative of outputValue by z. */
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

/** One pixel of the last layer: its logit, the network's input at its place, and what the output should be. */
export interface OutputPixel {
  readonly output: OutputName;
  readonly z: number;
  readonly x: number;
  readonly clean: number;
}

/** The loss of one pixel; binary cross-entropy is of a sigmoid. */
export function lossTerm(loss: LossName, { output, z, x, clean }: OutputPixel): number {
  switch (loss) {
    case "bce":
      return Math.max(z, 0) - z * clean + Math.log1p(Math.exp(-Math.abs(z)));
    case "mse":
      return (outputValue(output, z, x) - clean) ** 2;
  }
}

/** The derivative of lossTerm by z. */
export function lossDerivative(loss: LossName, { output, z, x, clean }: OutputPixel): number {
  switch (loss) {
    case "bce":
      return sigmoid(z) - clean;
    case "mse":
      return 2 * (outputValue(output, z, x) - clean) * outputSlope(output, z);
  }
}
