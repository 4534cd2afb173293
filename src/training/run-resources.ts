import { Buffers } from "../gpu/buffers.ts";
import { bind, type Dispatch } from "../gpu/dispatch.ts";
import type { Gpu } from "../gpu/gpu.ts";
import type { Family } from "../kernels/family.ts";
import { shuffleOrder } from "../kernels/shuffle-order.ts";
import { shuffleUniform } from "../kernels/uniforms.ts";
import { type Stream, streams } from "../math/streams.ts";
import { forwardPass } from "../network/forward.ts";
import type { NetworkSpec } from "../spec/network.ts";
import { inputCentre, type TrainingSpec } from "../spec/training.ts";
import { createSupplies } from "./create-supplies.ts";
import type { ImageSupply } from "./image-supply.ts";
import type { RunData } from "./run-data.ts";
import { trainingStep, validationStep } from "./step.ts";
import { StepBuffers } from "./step-buffers.ts";
import { SweepBuffers } from "./sweep-buffers.ts";

/** A sweep, its images, and what is done at each of its steps. */
export interface SweepWork {
  readonly sweep: SweepBuffers;
  readonly images: ImageSupply;
  /** The dispatches of a step, for each of the images' buffers. */
  readonly dispatches: readonly (readonly Dispatch[])[];
}

/** Everything that a run keeps on the device, and its work as lists of dispatches. Made once, before the first step. */
export interface RunResources {
  readonly buffers: StepBuffers;
  readonly training: SweepWork;
  readonly validation: SweepWork;
  /** What the gathered values are less than the pictures'. */
  readonly centre: number;
  /** Chosen validation images, denoised for a look at them; its kernels are compiled at the first look. */
  preview(): Promise<SweepWork>;
  /** Sets the order of an epoch, once its uniform names the epoch; nothing if the images are to stay in file order. */
  readonly shuffle: { readonly uniform: GPUBuffer; readonly dispatch: Dispatch } | undefined;
  destroy(): void;
}

/** What images may take on the device, in bytes, before they are streamed. */
const defaultImageBytes = 2 ** 30;

/** How a run is to be laid out; what is computed does not depend on it beyond rounding. */
export interface RunLayout {
  readonly family: Family;
  readonly imageBytes?: number | undefined;
}

/** Allocates and binds a run's resources; throws an InputError or a GpuError, leaving nothing behind, when they do not fit. */
export async function createRunResources(
  gpu: Gpu,
  spec: TrainingSpec,
  network: NetworkSpec,
  data: RunData,
  { family, imageBytes = defaultImageBytes }: RunLayout,
): Promise<RunResources> {
  const owner = new Buffers(gpu);
  const { batch, seed, loss, optimizer } = spec;
  // Patches are drawn, not visited.
  const shuffles = spec.shuffle && !spec.patches;

  const sweepOf = (label: string, images: ImageSupply, noiseStream: Stream) => {
    const { count, pixels } = images;
    return {
      images,
      sweep: new SweepBuffers(gpu, owner, label, { count, batch, pixels, seed, noiseStream }),
    };
  };
  const allocate = () => {
    const supplies = createSupplies(gpu, owner, spec, data, imageBytes);
    const training = sweepOf("train", supplies.training, streams.trainingNoise);
    return {
      training,
      buffers: new StepBuffers(gpu, owner, network, spec, training.sweep.steps),
      validation: sweepOf("validation", supplies.validation, streams.validationNoise),
      preview: sweepOf("preview", supplies.preview, streams.validationNoise),
      shuffle: owner.uniformOf("shuffle", shuffleUniform(training.sweep.count, seed, 0)),
    };
  };

  try {
    const { buffers, training, validation, preview, shuffle } = await gpu.build("the training run", allocate);
    /** The work of a sweep, its step bound to each of the images' buffers. */
    const workOf = async (
      { sweep, images }: Omit<SweepWork, "dispatches">,
      stepAfter: (gather: Dispatch) => Promise<Dispatch[]>,
    ): Promise<SweepWork> => {
      const gathers = await images.gathers(sweep, buffers);
      return { sweep, images, dispatches: await Promise.all(gathers.map(stepAfter)) };
    };
    const centre = inputCentre(spec);
    const parts = { gpu, family, loss, optimizer: optimizer.name, centre, buffers };
    // The images are uploaded while the kernels are compiled.
    const [order, trainingWork, validationWork] = await Promise.all([
      shuffles ? gpu.pipeline(shuffleOrder) : undefined,
      workOf(training, (gather) => trainingStep({ ...parts, sweep: training.sweep, gather })),
      workOf(validation, (gather) => validationStep({ ...parts, sweep: validation.sweep, gather })),
      training.images.upload(),
      validation.images.upload(),
    ]);
    const look = () =>
      workOf(preview, async (gather) => [
        gather,
        ...(await forwardPass(gpu, family, buffers.network, buffers.activations, { centre })),
      ]);
    let looked: Promise<SweepWork> | undefined;
    const resources = { shuffle, order: training.sweep.order };
    const dispatch = order && bind(gpu.device, order, resources, training.sweep.count);
    gpu.assertAlive();
    return {
      buffers,
      training: trainingWork,
      validation: validationWork,
      centre,
      preview: () => {
        looked ??= look();
        return looked;
      },
      shuffle: dispatch && { uniform: shuffle, dispatch },
      destroy: () => owner.destroy(),
    };
  } catch (error) {
    owner.destroy();
    throw error;
  }
}
