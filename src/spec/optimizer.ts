import { checkNumber } from "./checks.ts";

/**
 * Adadelta (Zeiler 2012, arXiv:1212.5701) with a learning rate, as Keras 2 and PyTorch compute it:
 * a <- rho a + (1 - rho) g^2;  u = g sqrt(d + epsilon) / sqrt(a + epsilon), d still old;  w <- w - lr u;  d <- rho d + (1 - rho) u^2.
 */
export interface AdadeltaSpec {
  /** Which optimizer. */
  readonly name: "adadelta";
  /** The learning rate, 0 to 1000. */
  readonly lr: number;
  /** What of the running means of squares stays from step to step, 0 to 0.9999999. */
  readonly rho: number;
  /** Keeps the quotient finite, 1e-30 to 1. */
  readonly epsilon: number;
}

/**
 * Adam (Kingma and Ba 2015, arXiv:1412.6980), as PyTorch computes it, at step t from 1 on:
 * m <- beta1 m + (1 - beta1) g;  v <- beta2 v + (1 - beta2) g^2;
 * w <- w - lr / (1 - beta1^t) m / (sqrt(v) / sqrt(1 - beta2^t) + epsilon).
 */
export interface AdamSpec {
  /** Which optimizer. */
  readonly name: "adam";
  /** The learning rate, 0 to 1000. */
  readonly lr: number;
  /** What of the running mean of gradients stays from step to step, 0 to 0.9999999. */
  readonly beta1: number;
  /** What of the running mean of their squares stays, 0 to 0.9999999. */
  readonly beta2: number;
  /** Keeps the quotient finite, 1e-30 to 1. */
  readonly epsilon: number;
}

/** How the weights follow the gradient. */
export type OptimizerSpec = AdadeltaSpec | AdamSpec;
/** How an optimizer is called. */
export type OptimizerName = OptimizerSpec["name"];

/** The settings that the well-known frameworks start from. */
export const adadeltaPresets = {
  /** Keras 2.x: the default here. */
  keras2: { name: "adadelta", lr: 1, rho: 0.95, epsilon: 1e-7 },
  /** Keras 3: its learning rate is 0.001, with which this model barely learns in 100 epochs. */
  keras3: { name: "adadelta", lr: 0.001, rho: 0.95, epsilon: 1e-7 },
} as const satisfies Record<string, AdadeltaSpec>;

/** The paper's settings, PyTorch's as well. */
export const defaultAdam: AdamSpec = { name: "adam", lr: 0.001, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 };

/** What each optimizer starts from. */
export const defaultOptimizers = {
  adadelta: adadeltaPresets.keras2,
  adam: defaultAdam,
} as const satisfies { readonly [N in OptimizerName]: OptimizerSpec };

export const optimizerNames = Object.keys(defaultOptimizers) as OptimizerName[];

/** Throws an InputError when a setting is out of range. */
export function checkOptimizer(optimizer: OptimizerSpec): void {
  checkNumber("The learning rate (lr)", optimizer.lr, 0, 1000);
  checkNumber("epsilon", optimizer.epsilon, 1e-30, 1);
  switch (optimizer.name) {
    case "adadelta":
      checkNumber("rho", optimizer.rho, 0, 0.9999999);
      return;
    case "adam":
      checkNumber("beta1", optimizer.beta1, 0, 0.9999999);
      checkNumber("beta2", optimizer.beta2, 0, 0.9999999);
      return;
  }
}
