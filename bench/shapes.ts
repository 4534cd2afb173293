import { autoencoder, type NetworkSpec, networkName } from "../src/spec/network.ts";
import type { OptimizerName } from "../src/spec/optimizer.ts";
import type { LossName } from "../src/spec/settings.ts";

/** A network, how it is trained, and the size of its batches. */
export interface Shape {
  readonly name: string;
  /** Rows and columns of its grey images. */
  readonly image: readonly [number, number];
  /** The hidden layers, as the option `--hidden` takes them. */
  readonly hidden: string;
  /** The output of the last layer, which determines the loss; see lossOf. */
  readonly output: "sigmoid" | "residual";
  readonly optimizer: OptimizerName;
  readonly batch: number;
  /** Number of steps from the same weights after which the losses of all systems are compared. */
  readonly lossSteps: number;
}

/** What the shapes on the digits have in common. */
export const onDigits = { image: [28, 28], output: "sigmoid", optimizer: "adadelta" } as const;

export const shapes: readonly Shape[] = [
  { name: "A", ...onDigits, hidden: "32", batch: 128, lossSteps: 10 },
  { name: "B", ...onDigits, hidden: "512,128,512", batch: 256, lossSteps: 4 },
  { name: "C", ...onDigits, hidden: "64", batch: 1024, lossSteps: 4 },
  {
    ...{ name: "D", image: [64, 64], hidden: "conv:32x7" },
    ...{ output: "residual", optimizer: "adam", batch: 16, lossSteps: 3 },
  },
  { name: "E", ...onDigits, hidden: "conv:16/2,conv:8/2,up:8,up:16", batch: 128, lossSteps: 6 },
];

/** The number of different batches that the steps use in turn. */
export const batchCount = 8;

/** The network of a shape. */
export function networkOf({ image, hidden, output }: Shape): NetworkSpec {
  return autoencoder(image, hidden, { output });
}

/** Cross-entropy of a sigmoid, squared error of a residual. */
export function lossOf({ output }: Shape): LossName {
  return output === "sigmoid" ? "bce" : "mse";
}

/** "A: 784-32-784, batch 128" */
export function shapeTitle(shape: Shape): string {
  return `${shape.name}: ${networkName(networkOf(shape))}, batch ${shape.batch}`;
}
