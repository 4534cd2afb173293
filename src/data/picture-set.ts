import { permutation, permute } from "../math/permutation.ts";
import { streams } from "../math/streams.ts";
import { InputError } from "../spec/input-error.ts";
import type { SampleFormat, Samples } from "./samples.ts";

/** A picture of samples. */
export interface SampledPicture {
  /** The name in messages: its file's name. */
  readonly name: string;
  readonly rows: number;
  readonly columns: number;
  /** 1 for grey, 3 for red, green and blue. */
  readonly channels: number;
  /** [rows, columns, channels] */
  readonly pixels: Samples;
}

/** Pictures of any sizes, all grey or all colour, from which patches are cut. */
export interface PictureSet {
  /** The name of the set in messages: its folder's name. */
  readonly name: string;
  readonly channels: number;
  readonly pictures: readonly SampledPicture[];
  /** What the samples of all pictures mean. Default: bytes, a value is byte / 255. */
  readonly format?: SampleFormat | undefined;
}

/** The held-out share of the pictures, as for the images in hold-out.ts. */
const heldOutShare = 0.2;
/** The choice does not depend on the run's seed, as in hold-out.ts. */
const holdOutSeed = 0;

/** Throws an InputError that names the picture unless a patch of side x side pixels fits into every one. */
export function checkPatchFits({ name, pictures }: PictureSet, side: number): void {
  if (pictures.length === 0) throw new InputError(`${name} holds no pictures.`);
  const small = pictures.find(({ rows, columns }) => Math.min(rows, columns) < side);
  if (small) {
    throw new InputError(
      `${small.name} has ${small.rows} x ${small.columns} pixels, too few for a patch of ${side} x ${side}.`,
    );
  }
}

/** Throws an InputError unless both sets are grey, or both in colour. */
export function checkSameColour(a: PictureSet, b: PictureSet): void {
  if (a.channels === b.channels) return;
  const [grey, colour] = a.channels < b.channels ? [a, b] : [b, a];
  throw new InputError(
    `All pictures must be grey or all in colour, but ${grey.name} is grey and ${colour.name} is not.`,
  );
}

/**
 * Throws an InputError unless every noisy picture has its clean twin at the same index: the same size and channels.
 */
export function checkTwins(noisy: PictureSet, clean: PictureSet): void {
  if (noisy.pictures.length !== clean.pictures.length) {
    throw new InputError(
      `Every picture needs its twin, but ${noisy.name} has ${noisy.pictures.length} and ${clean.name} has ${clean.pictures.length}.`,
    );
  }
  noisy.pictures.forEach((picture, index) => {
    const twin = clean.pictures[index];
    if (!twin || shape(picture) === shape(twin)) return;
    throw new InputError(
      `Twins must have the same size, but ${picture.name} has ${shape(picture)} and ${twin.name} has ${shape(twin)}.`,
    );
  });
}

/**
 * Holds a fifth of the pictures out for validation, chosen by a fixed shuffle. Sets of the same length are split in
 * the same way, so that twins stay together. Of a single picture, the lowest fifth is held out.
 */
export function holdOutPictures(set: PictureSet): {
  readonly train: PictureSet;
  readonly validation: PictureSet;
} {
  const { name, pictures } = set;
  const named = (part: string, chosen: readonly SampledPicture[]) => ({
    ...set,
    name: `${name} (${part})`,
    pictures: chosen,
  });
  const [only] = pictures;
  if (only && pictures.length === 1) {
    const border = only.rows - Math.max(1, Math.round(heldOutShare * only.rows));
    return {
      train: named("training", [{ ...cutRows(only, 0, border), name: `the upper part of ${only.name}` }]),
      validation: named("validation", [
        { ...cutRows(only, border, only.rows), name: `the lowest fifth of ${only.name}, which is held out,` },
      ]),
    };
  }
  const count = Math.max(1, Math.round(heldOutShare * pictures.length));
  const shuffle = permutation(pictures.length, holdOutSeed, streams.holdOut, 0);
  const order = pictures.flatMap((_, position) => pictures[permute(shuffle, position)] ?? []);
  return {
    train: named("training", order.slice(count)),
    validation: named("validation", order.slice(0, count)),
  };
}

function cutRows(picture: SampledPicture, first: number, end: number): SampledPicture {
  const width = picture.columns * picture.channels;
  return { ...picture, rows: end - first, pixels: picture.pixels.slice(first * width, end * width) };
}

/** "480 x 640 x 3" */
function shape({ rows, columns, channels }: SampledPicture): string {
  return [rows, columns, channels].join(" x ");
}
