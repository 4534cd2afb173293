import { openBlobImages, readBlob } from "../../data/blob-images.ts";
import { isGzip } from "../../data/gzip.ts";
import { holdOut } from "../../data/hold-out.ts";
import { maxIdxHeaderBytes, parseIdx, parseIdxHeader } from "../../data/idx.ts";
import { checkSameSize, gunzipIdx, readImageSet, readLabels, withLabels } from "../../data/image-set.ts";
import type { Images } from "../../data/image-source.ts";
import { InputError } from "../../spec/input-error.ts";
import { networkLimits } from "../../spec/network.ts";
import type { TrainingData } from "../../training/run-data.ts";
import type { FileRole, FileSummary } from "../images/summary.ts";
import {
  type AssignedFiles,
  assignFiles,
  type ImagesFile,
  type LabelsFile,
  type ReadFile,
} from "./assign-files.ts";

/** The size in bytes from which on a file's images are read when they are needed, if it is not gzipped. */
export const largeFile = 2 ** 26;

/** A person's images, and the files that they came in. */
export interface OwnImages {
  readonly files: readonly FileSummary[];
  readonly data: TrainingData;
}

/**
 * Reads a person's IDX files, up to two with images and as many with their labels; large ones are opened, not read. Without a file
 * to validate with a fifth of the images is held out. Throws an InputError that names the file when one cannot be used.
 */
export async function readOwnImages(files: readonly File[]): Promise<OwnImages> {
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
    throw new InputError(`${file.name} holds more than there is memory for.`, { cause });
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

/** Throws an InputError unless a network can take such images. */
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
