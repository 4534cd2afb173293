import { createTrainer } from "../engine/create-trainer.ts";
import { checkWeights } from "../formats/model-file.ts";
import { checkRun } from "../training/run-data.ts";
import { openCompute } from "./compute.ts";
import { DenoiserTraining, type Training } from "./training.ts";
import { type TrainingImages, trainingData } from "./training-images.ts";
import { type TrainingOptions, trainingSpec } from "./training-options.ts";

/**
 * Prepares a training: checks everything, opens an engine and uploads the images, without training. Iterating over
 * the result trains, epoch by epoch.
 *
 * The same images, settings and seed on the same adapter with the same kernels give the same bits, regardless of
 * interruptions. If the GPU is lost during the run, another is opened and the run continues from its last kept state,
 * unless the caller provided the device.
 *
 * @param images - The training images: grey images of one size, or with `patches`, pictures of any size.
 * @param options - Settings, further images, and options for the compute device. All are optional.
 * @returns A training to iterate over; dispose it after use.
 * @throws InputError if an image or a setting cannot be used.
 * @throws DeviceError if the GPU is requested but not available, or has too little memory.
 */
export async function trainDenoiser(
  images: TrainingImages,
  options: TrainingOptions = {},
): Promise<Training> {
  const spec = trainingSpec(options);
  const { validation, noisy, noisyValidation, initial, colour } = options;
  const others = {
    ...(validation && { validation }),
    ...(noisy && { noisy }),
    ...(noisyValidation && { noisyValidation }),
  };
  const data = trainingData(
    { images, ...others },
    {
      channels: colour ? 3 : 1,
      patches: spec.patches !== undefined,
    },
  );
  const network = checkRun(spec, data);
  if (initial) checkWeights(initial, network, "the initial model");
  const compute = await openCompute(options);
  try {
    const beginning = { initial: initial?.layers, family: options.kernels };
    const trainer = await createTrainer(compute.engine, spec, data, beginning);
    return new DenoiserTraining(spec, trainer, compute, options);
  } catch (error) {
    compute.engine.close();
    throw error;
  }
}
