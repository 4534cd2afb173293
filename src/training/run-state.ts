import { elementCount } from "../data/shapes.ts";
import { InputError } from "../spec/input-error.ts";
import { parameterShapes } from "../spec/layers.ts";
import type { LayerWeights, NetworkSpec } from "../spec/network.ts";

/**
 * The exact state of a run. A run that starts from it continues as if it had never stopped, given the same settings,
 * data, adapter and family of kernels. The state does not include order, noise, patches and learning rates: they
 * follow from the settings, the epoch and the step.
 */
export interface RunState {
  /** Epochs done. */
  readonly epoch: number;
  /** Steps done of the current epoch: training steps, then validation steps. */
  readonly step: number;
  /** Time spent on the current epoch. */
  readonly seconds: number;
  /** The parameters that the optimizer updates, layer by layer. */
  readonly weights: readonly LayerWeights[];
  /** The optimizer's running means of each of them: see shaders/lib/optimizer.wgsl. */
  readonly moments: {
    readonly squares: readonly LayerWeights[];
    readonly others: readonly LayerWeights[];
  };
  /** (loss, mean squared error) of the images that the current epoch has visited, [images, 2], in visiting order. */
  readonly metrics: {
    readonly training: Float32Array<ArrayBuffer>;
    readonly validation: Float32Array<ArrayBuffer>;
  };
}

/** The position in a run. */
export type Place = Pick<RunState, "epoch" | "step">;

/** Whether two positions of a run are equal, or both unknown. */
export function samePlace(one: Place | undefined, other: Place | undefined): boolean {
  return one?.epoch === other?.epoch && one?.step === other?.step;
}

/** The sizes that determine a run's steps. */
export interface RunExtent {
  readonly epochs: number;
  readonly batch: number;
  /** Images of a sweep. */
  readonly images: { readonly training: number; readonly validation: number };
}

/** The number of images of each sweep that an epoch has visited after `step` steps. */
export function visitedAfter(step: number, { batch, images }: RunExtent): RunExtent["images"] {
  const trainingSteps = Math.ceil(images.training / batch);
  return {
    training: Math.min(images.training, step * batch),
    validation: Math.min(images.validation, Math.max(0, step - trainingSteps) * batch),
  };
}

/** Throws an InputError unless the state is possible for a run of this network and extent. */
export function checkRunState(state: RunState, network: NetworkSpec, extent: RunExtent): void {
  const { epoch, step, seconds, weights, moments, metrics } = state;
  const { epochs, batch, images } = extent;
  const steps = Math.ceil(images.training / batch) + Math.ceil(images.validation / batch);
  const within = (value: number, end: number) => Number.isInteger(value) && value >= 0 && value <= end;
  if (!within(epoch, epochs) || !within(step, epoch < epochs ? steps : 0)) {
    throw new InputError(
      `The saved training is at epoch ${epoch}, step ${step}, but this one has ${epochs} epochs of ${steps} steps.`,
    );
  }
  const visited = visitedAfter(step, extent);
  const fits =
    seconds >= 0 &&
    [weights, moments.squares, moments.others].every((numbers) => areOf(network, numbers)) &&
    metrics.training.length === 2 * visited.training &&
    metrics.validation.length === 2 * visited.validation;
  if (!fits) throw new InputError("The saved training does not belong to this network and these images.");
}

/** Whether the numbers match the network's parameters in count. */
function areOf({ layers }: NetworkSpec, numbers: readonly LayerWeights[]): boolean {
  return (
    numbers.length === layers.length &&
    layers.every((layer, index) => {
      const { weight, bias } = parameterShapes(layer);
      const found = numbers[index];
      return found?.weight.length === elementCount(weight) && found.bias.length === elementCount(bias);
    })
  );
}

/** Whether every parameter and running mean is a finite number. */
export function isFiniteState({ weights, moments }: Pick<RunState, "weights" | "moments">): boolean {
  return [...weights, ...moments.squares, ...moments.others].every(({ weight, bias }) =>
    [weight, bias].every((numbers) => numbers.every(Number.isFinite)),
  );
}
