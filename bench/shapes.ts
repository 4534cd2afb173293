import { autoencoder, type NetworkSpec, networkName } from "../src/spec/network.ts";

/** A network and a batch to train it with. */
export interface Shape {
  readonly name: string;
  readonly hidden: readonly number[];
  readonly batch: number;
  /** Number of steps from the same weights after which the losses of all systems are compared. */
  readonly lossSteps: number;
}

export const shapes: readonly Shape[] = [
  { name: "A", hidden: [32], batch: 128, lossSteps: 10 },
  { name: "B", hidden: [512, 128, 512], batch: 256, lossSteps: 4 },
  { name: "C", hidden: [64], batch: 1024, lossSteps: 4 },
];

/** The number of different batches that the steps use in turn. */
export const batchCount = 8;

/** The network of a shape, for images of 28 x 28. */
export function networkOf({ hidden }: Shape): NetworkSpec {
  return autoencoder([28, 28], hidden);
}

/** "A: 784-32-784, batch 128" */
export function shapeTitle(shape: Shape): string {
  return `${shape.name}: ${networkName(networkOf(shape))}, batch ${shape.batch}`;
}
