import { checkNumber } from "./checks.ts";

/**
 * Adadelta (Zeiler 2012, arXiv:1212.5701) with a learning rate, as Keras 2 and PyTorch compute it:
 * a <- rho a + (1 - rho) g^2;  u = g sqrt(d + epsilon) / sqrt(a + epsilon), d still old;  w <- w - lr u;  d <- rho d + (1 - rho) u^2.
 */
export interface AdadeltaSpec {
  readonly name: "adadelta";
  readonly lr: number;
  readonly rho: number;
  readonly epsilon: number;
}

/** The settings that the well-known frameworks start from. */
export const adadeltaPresets = {
  /** Keras 2.x: the default here. */
  keras2: { name: "adadelta", lr: 1, rho: 0.95, epsilon: 1e-7 },
  /** Keras 3: its learning rate is 0.001, with which this model barely learns in 100 epochs. */
  keras3: { name: "adadelta", lr: 0.001, rho: 0.95, epsilon: 1e-7 },
} as const satisfies Record<string, AdadeltaSpec>;

/** Throws an InputError when a setting is out of range. */
export function checkOptimizer({ lr, rho, epsilon }: AdadeltaSpec): void {
  checkNumber("The learning rate (lr)", lr, 0, 1000);
  checkNumber("rho", rho, 0, 0.9999999);
  checkNumber("epsilon", epsilon, 1e-30, 1);
}
