import { stat } from "node:fs/promises";
import { holdOut } from "../data/hold-out.ts";
import { checkPair, checkSameSize, withLabels } from "../data/image-set.ts";
import type { Images } from "../data/image-source.ts";
import { checkTwins, holdOutPictures, type PictureSet } from "../data/picture-set.ts";
import { checkWeights } from "../formats/model-file.ts";
import { InputError } from "../spec/input-error.ts";
import type { LayerWeights, NetworkSpec } from "../spec/network.ts";
import type { PictureData, RunData, TrainingData } from "../training/run-data.ts";
import { embeddedDigits, loadImages, loadLabels, loadModelAs } from "./input-files.ts";
import type { FilePlaces, StartFolder } from "./io.ts";
import { checkNoPicture } from "./list-pictures.ts";
import { userPath } from "./paths.ts";
import { type FolderReading, readFolder, readTwins } from "./picture-folder.ts";
import { imagesOf, type RangeOptions, type ReadFolder, sampledSets } from "./sampled-sets.ts";
import type { TrainOptions } from "./train-options.ts";

/** The options for the images of a run. */
export type ImageOptions = Pick<
  TrainOptions,
  "data" | "labels" | "valData" | "noisy" | "valNoisy" | "colour" | "range" | "out"
>;

/** The receiver of lines about the range of the samples, and the samples that the model was trained on. */
export type Reading = Omit<RangeOptions, "range">;

/**
 * Reads the images of a run. Without a validation file, a fifth of the images and their noisy twins are held out.
 * Throws an InputError that names the files.
 */
export function loadTrainingData(
  places: FilePlaces,
  options: TrainOptions,
  reading: Reading,
): Promise<RunData> {
  return options.patch === undefined
    ? loadImageData(places, options, reading)
    : loadPictureData(places, options, reading);
}

export async function loadImageData(
  places: FilePlaces,
  options: ImageOptions,
  reading: Reading,
): Promise<TrainingData> {
  const { labels } = options;
  const sets = await imageSets(places, options, reading);
  const images = sets.clean;
  const clean = labels === undefined ? images : withLabels(images, await loadLabels(places, labels), labels);
  const { noisy, validation, noisyValidation } = sets;
  if (noisy) checkPair(noisy, clean);
  if (!validation) {
    const data = holdOut(clean);
    if (!noisy) return data;
    const twins = holdOut(noisy);
    return { ...data, noisyTrain: twins.train, noisyValidation: twins.validation };
  }
  checkSameSize(clean, validation);
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
  reading: Reading,
): Promise<PictureData> {
  const channels = options.colour ? 3 : 1;
  const { valData } = options;
  const folders = folderReading(options, reading);
  const read = await readPairs<ReadFolder>(options, async (name, clean) =>
    clean ? readTwins(places, name, clean, folders) : readFolder(places, name, channels, folders),
  );
  const [clean, noisy, validation, noisyValidation] = sampled(read, options, reading);
  if (!clean) throw new RangeError("The clean pictures were not read.");
  if (noisy) checkTwins(noisy, clean);
  if (valData === undefined || !validation) {
    const data = holdOutPictures(clean);
    if (!noisy) return data;
    const twins = holdOutPictures(noisy);
    return { ...data, noisyTrain: twins.train, noisyValidation: twins.validation };
  }
  if (noisyValidation) checkTwins(noisyValidation, validation);
  return {
    train: clean,
    validation,
    ...(noisy && { noisyTrain: noisy }),
    ...(noisyValidation && { noisyValidation }),
  };
}

/** The four sets of a run: clean, noisy, validation, noisy validation; undefined if there is none. */
type InOrder<T> = readonly [T, T | undefined, T | undefined, T | undefined];

/** Reads the sets one after the other; for noisy twins, `read` gets the clean set too. */
async function readPairs<T>(
  { data, noisy, valData, valNoisy }: ImageOptions,
  read: (name: string, clean?: T) => Promise<T>,
): Promise<InOrder<T>> {
  const clean = await read(data);
  const twins = noisy === undefined ? undefined : await read(noisy, clean);
  const validation = valData === undefined ? undefined : await read(valData);
  const noisyValidation =
    valNoisy === undefined || validation === undefined ? undefined : await read(valNoisy, validation);
  return [clean, twins, validation, noisyValidation];
}

/** Makes sets with a common range from the folders. */
function sampled(
  read: InOrder<ReadFolder | undefined>,
  { range }: ImageOptions,
  reading: Reading,
): (PictureSet | undefined)[] {
  const folders = read.flatMap((folder) => folder ?? []);
  const sets = sampledSets(folders, { ...reading, range });
  return read.map((folder) => folder && sets[folders.indexOf(folder)]);
}

/** Images of one size from IDX files or folders. Twins are paired by order in IDX files and by name in folders. */
async function imageSets(places: FilePlaces, options: ImageOptions, reading: Reading) {
  const { colour = false, range } = options;
  const read = await readPairs<Images | ReadFolder>(options, async (name, clean) => {
    if (!(await isFolder(places, name))) {
      if (name !== embeddedDigits) await checkNoPicture(places, name);
      if (!colour) return loadImages(places, name);
      throw new InputError(
        `The images of ${name} are grey: leave out --colour, or give a folder of pictures.`,
      );
    }
    const folder = clean && "pictures" in clean ? clean : undefined;
    return folder
      ? readTwins(places, name, folder, folderReading(options, reading))
      : readFolder(places, name, colour ? 3 : 1, folderReading(options, reading));
  });
  const folders = read.map((set) => (set && "pictures" in set ? set : undefined));
  if (range !== undefined && !folders.some(Boolean)) {
    throw new InputError(`--range is for folders of pictures, but ${options.data} is not one.`);
  }
  const sets = sampled([folders[0], folders[1], folders[2], folders[3]], options, reading);
  const [clean, noisy, validation, noisyValidation] = read.map((set, index) => {
    const pictures = sets[index];
    if (pictures) return imagesOf(pictures);
    return set && !("pictures" in set) ? set : undefined;
  });
  if (!clean) throw new RangeError("The clean images were not read.");
  return { clean, noisy, validation, noisyValidation };
}

function folderReading(options: ImageOptions, { tell }: Reading): FolderReading {
  return { without: foldersApart(options), tell, ranged: options.range !== undefined };
}

/** The folders of a run. One may be inside another, and is then not read as a part of it. */
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
