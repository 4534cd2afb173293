import { openBlobImages, readBlob } from "../../data/blob-images.ts";
import { isGzip } from "../../data/gzip.ts";
import { holdOut } from "../../data/hold-out.ts";
import { maxIdxHeaderBytes, parseIdx, parseIdxHeader } from "../../data/idx.ts";
import {
  checkPair,
  checkSameSize,
  gunzipIdx,
  readImageSet,
  readLabels,
  withLabels,
} from "../../data/image-set.ts";
import type { Images } from "../../data/image-source.ts";
import { InputError } from "../../spec/input-error.ts";
import { networkLimits } from "../../spec/network.ts";
import type { TrainingData } from "../../training/run-data.ts";
import type { FileRole, FileSummary } from "../images/summary.ts";

/** From this size in bytes on, the images of a file that is not gzipped are read only when they are needed. */
export const largeFile = 2 ** 26;

/** The user's images, and their files. */
export interface OwnImages {
  readonly files: readonly FileSummary[];
  readonly data: TrainingData;
}

/**
 * Reads the user's IDX files, up to two with images and two with their labels; large ones are opened, not read. `twins` are files with
 * measured noisy twins of the images, in the same order. Without a validation file a fifth of the images is held out, and of their twins
 * the same ones. Throws an InputError that names the file if one cannot be used.
 */
export async function readOwnImages(files: readonly File[], twins?: readonly File[]): Promise<OwnImages> {
  const clean = await readSets(files);
  if (!twins) return clean;
  const noisy = await readSets(twins);
  const { train, validation } = noisy.data;
  const separate = ({ files: all }: OwnImages) => all.some(({ role }) => role === "validation");
  const [named] = twins;
  if (separate(clean) !== separate(noisy)) {
    throw new InputError(
      `${named?.name} and its images are divided differently: validation images and their noisy twins need each a file of their own, or both none.`,
    );
  }
  checkPair(train, clean.data.train);
  checkPair(validation, clean.data.validation);
  const noisyFiles = noisy.files.flatMap((file): FileSummary[] => {
    if (file.role === "training") return [{ ...file, role: "twins" }];
    return file.role === "validation" ? [{ ...file, role: "validation twins" }] : [];
  });
  return {
    files: [...clean.files, ...noisyFiles],
    data: { ...clean.data, noisyTrain: train, noisyValidation: validation },
  };
}

async function readSets(files: readonly File[]): Promise<OwnImages> {
  const assigned = assignFiles(await Promise.all(files.map(readWithinMemory)));
  const train = imagesOf(assigned.training, assigned.trainingLabels);
  if (!assigned.validation) return { files: summaries(assigned), data: holdOut(train) };
  const validation = imagesOf(assigned.validation, assigned.validationLabels);
  checkSameSize(train, validation);
  return { files: summaries(assigned), data: { train, validation } };
}

async function readWithinMemory(file: File): Promise<ImagesFile | LabelsFile> {
  return readFile(file).catch((cause: unknown) => {
    if (!(cause instanceof RangeError)) throw cause;
    throw new InputError(`${file.name} does not fit into memory.`, { cause });
  });
}

async function readFile(file: File): Promise<ImagesFile | LabelsFile> {
  const { name, size: bytes } = file;
  const start = await readBlob(file, 0, Math.min(bytes, maxIdxHeaderBytes), name);
  const packed = isGzip(start);
  const large = bytes >= largeFile && !packed;
  if (large && parseIdxHeader(start, bytes, name).dimensions.length === 3) {
    return imagesFile(await openBlobImages(file, name), bytes);
  }
  const whole = await readBlob(file, 0, bytes, name);
  const idx = packed ? await gunzipIdx(whole, name) : whole;
  if (parseIdx(idx, name).dimensions.length !== 1) return imagesFile(await readImageSet(idx, name), bytes);
  const labels = await readLabels(idx, name);
  return { name, bytes, count: labels.length, labels };
}

/** Throws an InputError unless a network can process such images. */
function imagesFile(images: Images, bytes: number): ImagesFile {
  const { name, count, rows, columns } = images;
  if (rows * columns <= networkLimits.inputs) return { name, bytes, count, images };
  throw new InputError(
    `${name} holds images of ${rows} x ${columns} pixels, but a network takes at most ${networkLimits.inputs} pixels.`,
  );
}

function imagesOf({ images }: ImagesFile, labels: LabelsFile | undefined): Images {
  return labels ? withLabels(images, labels.labels, labels.name) : images;
}

function summaries(files: AssignedFiles): FileSummary[] {
  const parts: readonly (readonly [FileRole, ReadFile | undefined])[] = [
    ["training", files.training],
    ["training labels", files.trainingLabels],
    ["validation", files.validation],
    ["validation labels", files.validationLabels],
  ];
  return parts.flatMap(([role, file]) =>
    file ? [{ role, name: file.name, bytes: file.bytes, count: file.count }] : [],
  );
}

/** The user's file, once its contents are known. */
interface ReadFile {
  readonly name: string;
  /** Its size on the disk. */
  readonly bytes: number;
  /** The number of images or labels in it. */
  readonly count: number;
}

export interface ImagesFile extends ReadFile {
  readonly images: Images;
}

export interface LabelsFile extends ReadFile {
  /** [count] */
  readonly labels: Uint8Array<ArrayBuffer>;
}

/** The files by their purpose. */
interface AssignedFiles {
  readonly training: ImagesFile;
  readonly validation?: ImagesFile | undefined;
  readonly trainingLabels?: LabelsFile | undefined;
  readonly validationLabels?: LabelsFile | undefined;
}

/** Beginnings of words that mark the name of a validation file; MNIST uses "t10k". */
const validationName = /(^|[^a-z])(t10k|test|val)/i;

/**
 * Finds the purpose of each file, in any order. Of two files with images, the larger one is for training, unless the name of
 * exactly one of them says that it is for validation. Labels belong to the images of the same count; if that is ambiguous,
 * the names decide. Throws an InputError if there are no images, or if a file has no purpose.
 */
export function assignFiles(files: readonly (ImagesFile | LabelsFile)[]): AssignedFiles {
  const labelsFiles = files.filter((file) => "labels" in file);
  const imagesFiles = files.filter((file) => "images" in file);
  const [training, validation] = inOrder(imagesFiles);
  if (!training) {
    const named = labelsFiles.map(({ name }) => name).join(" and ");
    throw new InputError(`Images are needed too, but only labels were found in ${named}.`);
  }
  checkNumbers(imagesFiles.length, labelsFiles.length);

  const [first, second] = inOrder(labelsFiles);
  if (!first || !validation) return { training, validation, trainingLabels: first };
  const forValidation =
    fits(first, validation) && (!fits(first, training) || (!second && validationName.test(first.name)));
  return forValidation
    ? { training, validation, trainingLabels: second, validationLabels: first }
    : { training, validation, trainingLabels: first, validationLabels: second };
}

function checkNumbers(images: number, labels: number): void {
  if (images > 2) {
    throw new InputError(
      `${images} files hold images, but at most 2 can be taken: one for training and one for validation.`,
    );
  }
  if (labels > images) {
    throw new InputError(
      `${labels} files hold labels, but only ${images} ${images === 1 ? "holds" : "hold"} images.`,
    );
  }
}

/** The training file before the validation file. */
function inOrder<F extends ReadFile>(files: readonly F[]): F[] {
  const isForValidation = ({ name }: F) => Number(validationName.test(name));
  return files.toSorted((a, b) => isForValidation(a) - isForValidation(b) || b.count - a.count);
}

function fits(labels: LabelsFile, images: ImagesFile): boolean {
  return labels.count === images.count;
}
