import { stat } from "node:fs/promises";
import { holdOut } from "../data/hold-out.ts";
import { checkPair, checkSameSize, withLabels } from "../data/image-set.ts";
import type { Images } from "../data/image-source.ts";
import { checkTwins, holdOutPictures } from "../data/picture-set.ts";
import { checkWeights } from "../formats/model-file.ts";
import { InputError } from "../spec/input-error.ts";
import type { LayerWeights, NetworkSpec } from "../spec/network.ts";
import type { PictureData, RunData, TrainingData } from "../training/run-data.ts";
import { embeddedDigits, loadImages, loadLabels, loadModelAs } from "./input-files.ts";
import type { FilePlaces, StartFolder } from "./io.ts";
import { checkNoPicture } from "./list-pictures.ts";
import { userPath } from "./paths.ts";
import { type FolderReading, imagesOf, loadPictures, loadPictureTwins } from "./picture-folder.ts";
import type { TrainOptions } from "./train-options.ts";

/** Where the images of a run come from. */
export type ImageOptions = Pick<
  TrainOptions,
  "data" | "labels" | "valData" | "noisy" | "valNoisy" | "colour" | "out"
>;

/** Receives lines on what is passed over. */
type Tell = (line: string) => void;

/**
 * Reads the images of a run. Without a validation file a fifth of the images is held out, of noisy twins the same ones.
 * Throws an InputError that names the files.
 */
export function loadTrainingData(places: FilePlaces, options: TrainOptions, tell: Tell): Promise<RunData> {
  return options.patch === undefined
    ? loadImageData(places, options, tell)
    : loadPictureData(places, options, tell);
}

export async function loadImageData(
  places: FilePlaces,
  options: ImageOptions,
  tell: Tell,
): Promise<TrainingData> {
  const { labels, colour = false } = options;
  const reading = { without: foldersApart(options), tell };
  const images = await imagesIn(places, options.data, colour, reading);
  const clean = labels === undefined ? images : withLabels(images, await loadLabels(places, labels), labels);
  const noisy =
    options.noisy === undefined
      ? undefined
      : await twinsIn(places, options.noisy, options.data, colour, reading);
  if (noisy) checkPair(noisy, clean);

  const { valData } = options;
  if (valData === undefined) {
    const data = holdOut(clean);
    if (!noisy) return data;
    const twins = holdOut(noisy);
    return { ...data, noisyTrain: twins.train, noisyValidation: twins.validation };
  }

  const validation = await imagesIn(places, valData, colour, reading);
  checkSameSize(clean, validation);
  const noisyValidation =
    options.valNoisy === undefined
      ? undefined
      : await twinsIn(places, options.valNoisy, valData, colour, reading);
  if (noisyValidation) checkPair(noisyValidation, validation);
  return {
    train: clean,
    validation,
    ...(noisy && { noisyTrain: noisy }),
    ...(noisyValidation && { noisyValidation }),
  };
}

export async function loadPictureData(
  places: FilePlaces,
  options: ImageOptions,
  tell: Tell,
): Promise<PictureData> {
  const channels = options.colour ? 3 : 1;
  const reading = { without: foldersApart(options), tell };
  const clean = await loadPictures(places, options.data, channels, reading);
  const noisy =
    options.noisy === undefined ? undefined : await loadPictureTwins(places, options.noisy, clean, reading);
  if (noisy) checkTwins(noisy, clean);

  if (options.valData === undefined) {
    const data = holdOutPictures(clean);
    if (!noisy) return data;
    const twins = holdOutPictures(noisy);
    return { ...data, noisyTrain: twins.train, noisyValidation: twins.validation };
  }

  const validation = await loadPictures(places, options.valData, channels, reading);
  const noisyValidation =
    options.valNoisy === undefined
      ? undefined
      : await loadPictureTwins(places, options.valNoisy, validation, reading);
  if (noisyValidation) checkTwins(noisyValidation, validation);
  return {
    train: clean,
    validation,
    ...(noisy && { noisyTrain: noisy }),
    ...(noisyValidation && { noisyValidation }),
  };
}

/** The images of an IDX file, or a folder's pictures where they have one size; only these can be in colour. */
async function imagesIn(
  places: FilePlaces,
  name: string,
  colour: boolean,
  reading: FolderReading,
): Promise<Images> {
  if (await isFolder(places, name))
    return imagesOf(await loadPictures(places, name, colour ? 3 : 1, reading));
  if (name !== embeddedDigits) await checkNoPicture(places, name);
  if (!colour) return loadImages(places, name);
  throw new InputError(`The images of ${name} are grey: leave out --colour, or give a folder of pictures.`);
}

/** The noisy twins of `cleanName`: of an IDX file in its order, of a folder by their names. */
async function twinsIn(
  places: FilePlaces,
  name: string,
  cleanName: string,
  colour: boolean,
  reading: FolderReading,
): Promise<Images> {
  const folders = (await isFolder(places, name)) && (await isFolder(places, cleanName));
  if (!folders) return imagesIn(places, name, colour, reading);
  const channels = colour ? 3 : 1;
  // What is passed over in the clean folder was said when its pictures were read.
  const clean = await loadPictures(places, cleanName, channels, { ...reading, tell: undefined });
  return imagesOf(await loadPictureTwins(places, name, clean, reading));
}

/** The folders of a run, each of which may be below another one but is not a part of it. */
function foldersApart({ data, valData, noisy, valNoisy, out }: ImageOptions): string[] {
  const all = [data === embeddedDigits ? undefined : data, valData, noisy, valNoisy, out];
  return all.filter((name) => name !== undefined);
}

export async function isFolder(start: StartFolder, name: string): Promise<boolean> {
  if (name === embeddedDigits) return false;
  return stat(userPath(start, name)).then(
    (found) => found.isDirectory(),
    () => false,
  );
}

/** Reads the weights that a run of `network` starts from; throws an InputError unless they are that network's. */
export async function loadInitialWeights(
  places: FilePlaces,
  name: string,
  network: NetworkSpec,
): Promise<readonly LayerWeights[]> {
  const model = await loadModelAs(places, network, name);
  checkWeights(model, network, name);
  return model.layers;
}
