import type { SampleFormat } from "../data/samples.ts";
import type { Buffers } from "../device/buffers.ts";
import type { Device } from "../device/device.ts";
import type { Constants } from "../device/kernel.ts";
import { noiseConstants } from "../kernels/noise-stages.ts";
import { sampleConstants } from "../kernels/samples.ts";
import { streams } from "../math/streams.ts";
import { defaultPatches } from "../spec/patch.ts";
import type { TrainingSpec } from "../spec/settings.ts";
import { inputCentre } from "../spec/training.ts";
import { type ImagePair, windowBytes } from "./image-pair.ts";
import type { ImageSupply } from "./image-supply.ts";
import { ImageWindows } from "./image-windows.ts";
import type { PatchSupply, PicturePair } from "./patch-supply.ts";
import { formatOf, hasPictures, type PictureData, type RunData, type TrainingData } from "./run-data.ts";

/** The sources of images for a run's sweeps. */
export interface Supplies {
  readonly training: ImageSupply;
  readonly validation: ImageSupply;
  /** Validation images for previews of a few at a time. */
  readonly preview: ImageSupply;
}

/**
 * Returns what allocates a run's supplies from buffers; `imageBytes` is the maximum size of whole images on the device before they
 * are streamed.
 */
export async function suppliesOf(
  device: Device,
  spec: TrainingSpec,
  data: RunData,
  imageBytes: number,
): Promise<(buffers: Buffers) => Supplies> {
  if (!hasPictures(data)) return (buffers) => imageSupplies(device, buffers, spec, data, imageBytes);
  // Loaded when first needed: the page has no patches.
  const { PatchSupply: Patches } = await import("./patch-supply.ts");
  return (buffers) => patchSupplies(Patches, device, buffers, spec, data);
}

/** The augmentation of training images, apart from noise. */
type Augmentation = Pick<TrainingSpec, "noise2noise" | "shift">;

/** Images for validation and previews are not augmented. */
const notAugmented: Augmentation = { noise2noise: false, shift: 0 };

/**
 * All constants of corrupt_batch, including those with default values, because pipelines are cached by the given
 * constants.
 */
export function corruptBatchConstants(
  spec: TrainingSpec,
  format: SampleFormat,
  { noise2noise, shift }: Augmentation = notAugmented,
): Constants {
  return { ...corruptionConstants(spec, format, noise2noise), SHIFT: shift };
}

/** The constants of corrupt_patches, which are also constants of corrupt_batch. */
function corruptionConstants(spec: TrainingSpec, format: SampleFormat, swap: boolean): Constants {
  return {
    ...sampleConstants(format),
    ...noiseConstants(spec.noise),
    SWAP: swap ? 1 : 0,
    CENTRE: inputCentre(spec),
  };
}

function imageSupplies(
  device: Device,
  buffers: Buffers,
  spec: TrainingSpec,
  data: TrainingData,
  imageBytes: number,
): Supplies {
  const { batch } = spec;
  const format = formatOf(data);
  const windows = (label: string, pair: ImagePair, maxBytes: number, augmentation?: Augmentation) =>
    new ImageWindows(device, buffers, label, pair, {
      batch,
      maxBytes,
      format,
      corruption: corruptBatchConstants(spec, format, augmentation),
    });
  const validated = { clean: data.validation, noisy: data.noisyValidation };
  const trained = { clean: data.train, noisy: data.noisyTrain };
  const training = windows("train", trained, imageBytes, spec);
  const left = Math.max(imageBytes - training.bytes, Math.min(imageBytes, windowBytes));
  return {
    training,
    validation: windows("validation", validated, left),
    // Windows of one batch, because the shown images change each time.
    preview: windows("preview", validated, 0),
  };
}

function patchSupplies(
  Patches: typeof PatchSupply,
  device: Device,
  buffers: Buffers,
  spec: TrainingSpec,
  data: PictureData,
): Supplies {
  const { seed, noise2noise, patches = defaultPatches } = spec;
  const { side, flips } = patches;
  const { channels } = data.train;
  const format = formatOf(data);
  const patchesOf = (
    label: string,
    pair: PicturePair,
    draw: { count: number; drawStream: number; swap: boolean },
  ) => {
    const { count, drawStream, swap } = draw;
    const corruption = corruptionConstants(spec, format, swap);
    return new Patches(
      device,
      buffers,
      label,
      pair,
      { count, side, channels, flips, seed, drawStream },
      { bits: format.bits, corruption },
    );
  };
  const validated = { clean: data.validation, noisy: data.noisyValidation };
  const trained = { clean: data.train, noisy: data.noisyTrain };
  const validation = patchesOf("validation", validated, {
    count: patches.validation,
    drawStream: streams.validationPatches,
    swap: false,
  });
  return {
    training: patchesOf("train", trained, {
      count: patches.count,
      drawStream: streams.trainingPatches,
      swap: noise2noise,
    }),
    validation,
    // All of them are always on the device.
    preview: validation,
  };
}
