import { holdOut } from "../data/hold-out.ts";
import { checkPair, checkSameSize, withLabels } from "../data/image-set.ts";
import { checkWeights } from "../formats/model-file.ts";
import type { LayerWeights, NetworkSpec } from "../spec/network.ts";
import type { TrainingData } from "../training/run-resources.ts";
import { loadImages, loadLabels, loadModel } from "./input-files.ts";
import type { TrainOptions } from "./train-options.ts";

/**
 * Reads the images of a run. Without a validation file a fifth of the images is held out, of noisy twins the same ones.
 * Throws an InputError that names the files.
 */
export async function loadTrainingData(options: TrainOptions): Promise<TrainingData> {
  const images = await loadImages(options.data);
  const { labels } = options;
  const clean = labels === undefined ? images : withLabels(images, await loadLabels(labels), labels);
  const noisy = options.noisy === undefined ? undefined : await loadImages(options.noisy);
  if (noisy) checkPair(noisy, clean);

  if (options.valData === undefined) {
    const data = holdOut(clean);
    if (!noisy) return data;
    const twins = holdOut(noisy);
    return { ...data, noisyTrain: twins.train, noisyValidation: twins.validation };
  }

  const validation = await loadImages(options.valData);
  checkSameSize(clean, validation);
  const noisyValidation = options.valNoisy === undefined ? undefined : await loadImages(options.valNoisy);
  if (noisyValidation) checkPair(noisyValidation, validation);
  return {
    train: clean,
    validation,
    ...(noisy && { noisyTrain: noisy }),
    ...(noisyValidation && { noisyValidation }),
  };
}

/** Reads the weights that a run of `network` starts from; throws an InputError unless they are that network's. */
export async function loadInitialWeights(
  name: string,
  network: NetworkSpec,
): Promise<readonly LayerWeights[]> {
  const model = await loadModel(name);
  checkWeights(model, network, name);
  return model.layers;
}
