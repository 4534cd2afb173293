import type { LossName } from "../spec/training.ts";

/** 1 / (1 + exp(-z)) */
export function sigmoid(z: number): number {
  return 1 / (1 + Math.exp(-z));
}

/** The loss of one pixel with logit z and clean value `clean`. */
export function lossTerm(loss: LossName, z: number, clean: number): number {
  switch (loss) {
    case "bce":
      return Math.max(z, 0) - z * clean + Math.log1p(Math.exp(-Math.abs(z)));
    case "mse":
      return (sigmoid(z) - clean) ** 2;
  }
}

/** The derivative of lossTerm by z. */
export function lossDerivative(loss: LossName, z: number, clean: number): number {
  const s = sigmoid(z);
  switch (loss) {
    case "bce":
      return s - clean;
    case "mse":
      return 2 * (s - clean) * s * (1 - s);
  }
}
