import { Buffers } from "../device/buffers.ts";
import type { Backend, Device, DeviceBuffer, Dispatch } from "../device/device.ts";
import { type Family, previewFamily } from "../kernels/family.ts";
import { shuffleOrder, shuffleUniform } from "../kernels/sweep.ts";
import { type Stream, streams } from "../math/streams.ts";
import { forwardPass } from "../network/forward.ts";
import type { NetworkSpec } from "../spec/network.ts";
import type { TrainingSpec } from "../spec/settings.ts";
import { inputCentre } from "../spec/training.ts";
import type { BlindSweep } from "./blind-sweep.ts";
import { suppliesOf } from "./create-supplies.ts";
import type { ImageSupply } from "./image-supply.ts";
import { formatOf, hasPictures, type RunData } from "./run-data.ts";
import { trainingStep, validationStep } from "./step.ts";
import { StepBuffers } from "./step-buffers.ts";
import { SweepBuffers } from "./sweep-buffers.ts";

/** A sweep and its images. */
export interface SweptImages {
  readonly sweep: SweepBuffers;
  readonly images: ImageSupply;
  /** In self-supervised training. */
  readonly blind?: BlindSweep | undefined;
}

/** A sweep, its images, and the dispatches of each of its steps. */
export interface SweepWork extends SweptImages {
  /** The dispatches of a step, for each of the images' buffers. */
  readonly dispatches: readonly (readonly Dispatch[])[];
}

/** The work of an epoch. */
export interface EpochWork {
  readonly training: SweepWork;
  readonly validation: SweepWork;
  /**
   * Sets the order of an epoch, after its uniform is set to the epoch; undefined if the images stay in file order.
   */
  readonly shuffle: { readonly uniform: DeviceBuffer; readonly dispatch: Dispatch } | undefined;
}

/** All resources of a run on the device, and its work as lists of dispatches. Created once, before the first step. */
export interface RunResources {
  readonly buffers: StepBuffers;
  readonly training: SweptImages;
  readonly validation: SweptImages;
  /** The value subtracted from the gathered pixels. */
  readonly centre: number;
  /** The work of an epoch; its kernels are compiled on the first call. */
  epochWork(): Promise<EpochWork>;
  /** The denoising of chosen validation images for a preview; its kernels are compiled on the first call. */
  preview(): Promise<SweepWork>;
  destroy(): void;
}

/**
 * The maximum size of images on the device, in bytes, before they are streamed. For the CPU they are copied within
 * its own memory.
 */
const defaultImageBytes: Readonly<Record<Backend, number>> = { gpu: 2 ** 30, cpu: 2 ** 27 };

/** The layout of a run; it affects the results only by rounding. */
export interface RunLayout {
  readonly family: Family;
  readonly imageBytes?: number | undefined;
  /** Whether an epoch's kernels are compiled on the first use. */
  readonly compileLater?: boolean | undefined;
}

/**
 * Allocates and binds a run's resources; throws an InputError or a DeviceError, and frees everything, when they do
 * not fit.
 */
export async function createRunResources(
  device: Device,
  spec: TrainingSpec,
  network: NetworkSpec,
  data: RunData,
  { family, imageBytes = defaultImageBytes[device.backend], compileLater = false }: RunLayout,
): Promise<RunResources> {
  const [allocateSupplies, blindSweeps] = await Promise.all([
    suppliesOf(device, spec, data, imageBytes),
    // Loaded when first needed: most runs have clean images.
    spec.selfSupervised ? import("./blind-sweep.ts") : undefined,
  ]);
  const owner = new Buffers(device);
  const { batch, seed, loss, optimizer } = spec;
  // Patches are drawn at random and need no visiting order.
  const shuffles = spec.shuffle && !spec.patches;

  const sweepOf = (label: string, images: ImageSupply, noiseStream: Stream) => {
    const { count, pixels } = images;
    return {
      images,
      sweep: new SweepBuffers(device, owner, label, { count, batch, pixels, seed, noiseStream }),
    };
  };
  const blindOf = (label: string) =>
    blindSweeps && new blindSweeps.BlindSweep(device, owner, label, network, spec.mask);
  const allocate = () => {
    const supplies = allocateSupplies(owner);
    const training = sweepOf("train", supplies.training, streams.trainingNoise);
    return {
      training: { ...training, blind: blindOf("train") },
      buffers: new StepBuffers(device, owner, network, spec, {
        steps: training.sweep.steps,
        sampleBits: formatOf(data).bits,
        counted: hasPictures(data) ? data.counted : undefined,
      }),
      validation: {
        ...sweepOf("validation", supplies.validation, streams.validationNoise),
        blind: blindOf("validation"),
      },
      preview: sweepOf("preview", supplies.preview, streams.validationNoise),
      shuffle: owner.uniformOf("shuffle", shuffleUniform(training.sweep.count, seed, 0)),
    };
  };

  try {
    const { buffers, training, validation, preview, shuffle } = await device.build(
      "the training run",
      allocate,
    );
    /** The work of a sweep, its step bound to each of the images' buffers. */
    const workOf = async (
      { sweep, images, blind }: SweptImages,
      stepAfter: (gather: readonly Dispatch[]) => Promise<Dispatch[]>,
    ): Promise<SweepWork> => {
      const [gathers, hidden = []] = await Promise.all([
        images.gathers(sweep, buffers),
        blind?.dispatches(sweep, buffers),
      ]);
      const steps = gathers.map((gather) => stepAfter([gather, ...hidden]));
      return { sweep, images, blind, dispatches: await Promise.all(steps) };
    };
    const centre = inputCentre(spec);
    const parts = { device, family, loss, optimizer: optimizer.name, centre, buffers };
    const ofEpoch = async (): Promise<EpochWork> => {
      const [order, trainingWork, validationWork] = await Promise.all([
        shuffles ? device.pipeline(shuffleOrder) : undefined,
        workOf(training, (gather) => trainingStep({ ...parts, sweep: training.sweep, gather })),
        workOf(validation, (gather) => validationStep({ ...parts, sweep: validation.sweep, gather })),
      ]);
      const resources = { shuffle, order: training.sweep.order };
      const dispatch = order?.bind(resources, training.sweep.count);
      device.assertAlive();
      return {
        training: trainingWork,
        validation: validationWork,
        shuffle: dispatch && { uniform: shuffle, dispatch },
      };
    };
    const ofPreview = () => {
      const { network, activations } = buffers;
      const forward = () =>
        forwardPass(device, previewFamily(device.adapter, family), network, activations, { centre });
      return workOf(preview, async (gather) => [...gather, ...(await forward()).flat()]);
    };
    const [epochWork, previewWork] = [onceDone(ofEpoch), onceDone(ofPreview)];
    // The images are uploaded while the kernels are compiled.
    await Promise.all([
      compileLater ? undefined : epochWork(),
      training.images.upload(),
      validation.images.upload(),
    ]);
    device.assertAlive();
    return {
      buffers,
      training,
      validation,
      centre,
      epochWork,
      preview: previewWork,
      destroy: () => owner.destroy(),
    };
  } catch (error) {
    owner.destroy();
    throw error;
  }
}

/** Runs `work` on the first call, and again only if it failed. */
function onceDone<T>(work: () => Promise<T>): () => Promise<T> {
  let done: Promise<T> | undefined;
  return () => {
    done ??= work().catch((error: unknown) => {
      done = undefined;
      throw error;
    });
    return done;
  };
}
