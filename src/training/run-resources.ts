import type { ImageSet } from "../data/image-set.ts";
import { Buffers } from "../gpu/buffers.ts";
import { bind, type Dispatch } from "../gpu/dispatch.ts";
import type { Gpu } from "../gpu/gpu.ts";
import type { Family } from "../kernels/family.ts";
import { shuffleOrder } from "../kernels/shuffle-order.ts";
import { shuffleUniform } from "../kernels/uniforms.ts";
import { streams } from "../math/streams.ts";
import { forwardPass } from "../network/forward.ts";
import type { NetworkSpec } from "../spec/network.ts";
import type { TrainingSpec } from "../spec/training.ts";
import { gatherStep } from "./gather-step.ts";
import { ImageBuffers } from "./image-buffers.ts";
import { trainingStep, validationStep } from "./step.ts";
import { StepBuffers } from "./step-buffers.ts";
import { SweepBuffers } from "./sweep-buffers.ts";

/** The images of a run. Noisy twins, where they were measured, have the shape of their clean set. */
export interface TrainingData {
  readonly train: ImageSet;
  readonly validation: ImageSet;
  readonly noisyTrain?: ImageSet;
  readonly noisyValidation?: ImageSet;
}

/** A sweep and what is done at each of its steps. */
export interface SweepWork {
  readonly sweep: SweepBuffers;
  readonly step: readonly Dispatch[];
}

/** Everything that a run keeps on the device, and its work as lists of dispatches. Made once, before the first step. */
export interface RunResources {
  readonly buffers: StepBuffers;
  readonly training: SweepWork;
  readonly validation: SweepWork;
  /** Chosen validation images, denoised for a look at them. */
  readonly preview: SweepWork;
  /** Sets the order of an epoch, once its uniform names the epoch. */
  readonly shuffle: { readonly uniform: GPUBuffer; readonly dispatch: Dispatch };
  destroy(): void;
}

/** Allocates and binds a run's resources; throws an InputError or a GpuError, leaving nothing behind, when they do not fit. */
export async function createRunResources(
  gpu: Gpu,
  spec: TrainingSpec,
  network: NetworkSpec,
  data: TrainingData,
  family: Family,
): Promise<RunResources> {
  const owner = new Buffers(gpu);
  const allocate = () => {
    const trainImages = new ImageBuffers(owner, "train", data.train, data.noisyTrain);
    const validationImages = new ImageBuffers(owner, "validation", data.validation, data.noisyValidation);
    const { batch, seed } = spec;
    const training = { batch, seed, ...trainImages, noiseStream: streams.trainingNoise };
    const validation = { batch, seed, ...validationImages, noiseStream: streams.validationNoise };
    return {
      trainImages,
      validationImages,
      buffers: new StepBuffers(gpu, owner, network, batch, spec.optimizer),
      trainSweep: new SweepBuffers(gpu, owner, "train", training),
      validationSweep: new SweepBuffers(gpu, owner, "validation", validation),
      previewSweep: new SweepBuffers(gpu, owner, "preview", validation),
      shuffle: owner.uniformOf("shuffle", shuffleUniform(trainImages.count, seed, 0)),
    };
  };

  try {
    const made = await gpu.build("the training run", allocate);
    const { buffers, trainImages, validationImages, trainSweep, validationSweep, previewSweep } = made;
    const parts = { gpu, family, loss: spec.loss, buffers };
    const source = (images: ImageBuffers, sweep: SweepBuffers) =>
      gatherStep(gpu, owner, spec.noise, images, sweep, buffers);
    const [shufflePipeline, train, validate, look, forward] = await Promise.all([
      gpu.pipeline(shuffleOrder),
      source(trainImages, trainSweep).then((gather) => trainingStep({ ...parts, sweep: trainSweep, gather })),
      source(validationImages, validationSweep).then((gather) =>
        validationStep({ ...parts, sweep: validationSweep, gather }),
      ),
      source(validationImages, previewSweep),
      forwardPass(gpu, family, buffers.network, buffers.activations),
    ]);
    gpu.assertAlive();
    return {
      buffers,
      training: { sweep: trainSweep, step: train },
      validation: { sweep: validationSweep, step: validate },
      preview: { sweep: previewSweep, step: [look, ...forward] },
      shuffle: {
        uniform: made.shuffle,
        dispatch: bind(
          gpu.device,
          shufflePipeline,
          { shuffle: made.shuffle, order: trainSweep.order },
          trainImages.count,
        ),
      },
      destroy: () => owner.destroy(),
    };
  } catch (error) {
    owner.destroy();
    throw error;
  }
}
