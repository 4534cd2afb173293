import type { TrainingSpec } from "../../spec/settings.ts";
import type { NamedLabel } from "./own-pictures.ts";

/** What the page knows of images to train on and to validate with: the images themselves stay in the Worker. */
export interface ImagesSummary {
  /** Their id in the Worker. */
  readonly id: number;
  /** The user's files; empty for the digits that come with the page. */
  readonly files: readonly FileSummary[];
  /** Labels and left-out files of the user's pictures, if the images were made from pictures. */
  readonly pictures?: PicturesSummary | undefined;
  readonly rows: number;
  readonly columns: number;
  readonly trainingImages: number;
  /** The number of images that are not trained on. */
  readonly validationImages: number;
  /** [validationImages]; undefined if they have none. */
  readonly labels: Uint8Array<ArrayBuffer> | undefined;
  /** A few of the training images: [samples, rows, columns] in [0, 1]. */
  readonly samples: Float32Array<ArrayBuffer>;
  /** The measured noisy twins of the samples; undefined if the images have no twins. */
  readonly twins?: Float32Array<ArrayBuffer> | undefined;
}

export type FileRole =
  | ("training" | "training labels" | "validation" | "validation labels")
  | ("twins" | "validation twins");

/** One of the user's files. */
export interface FileSummary {
  readonly role: FileRole;
  readonly name: string;
  /** Its size on the disk. */
  readonly bytes: number;
  /** The number of images or labels in it. */
  readonly count: number;
}

/** The pictures from which the user's images were made: their labels, and the files that were left out. */
export interface PicturesSummary {
  /** By label; empty if they have no labels. */
  readonly labels: readonly NamedLabel[];
  /** Sentences on the other files among them; undefined if there are none. */
  readonly passedOver: string | undefined;
  readonly unread: UnreadPictures;
}

/** Pictures that could not be read. */
export interface UnreadPictures {
  readonly count: number;
  /** The first of them. */
  readonly names: readonly string[];
}

/** The number of pictures shown at a time. */
const shownCount = 10;

/**
 * Indices of validation images, drawn at random from those with one of the `wanted` labels, or from all if `wanted` is empty;
 * sorted by label if there are labels, otherwise by index.
 */
export function chooseImages(
  { validationImages, labels }: Pick<ImagesSummary, "validationImages" | "labels">,
  wanted: ReadonlySet<number>,
  random: () => number = Math.random,
): number[] {
  if (!labels || wanted.size === 0) return byLabel(draw(validationImages, random), labels);
  const candidates: number[] = [];
  labels.forEach((label, image) => {
    if (wanted.has(label)) candidates.push(image);
  });
  const chosen = draw(candidates.length, random).map((place) => candidates[place] ?? 0);
  return byLabel(chosen, labels);
}

/**
 * Distinct numbers below `count`, drawn uniformly (Floyd's algorithm: Bentley, Programming Pearls, CACM 30.9, 1987).
 */
function draw(count: number, random: () => number): number[] {
  const drawn = new Set<number>();
  for (let most = Math.max(0, count - shownCount); most < count; most++) {
    const number = Math.floor(random() * (most + 1));
    drawn.add(drawn.has(number) ? most : number);
  }
  return [...drawn];
}

function byLabel(images: readonly number[], labels: Uint8Array | undefined): number[] {
  const labelOf = (image: number) => labels?.[image] ?? 0;
  return images.toSorted((a, b) => labelOf(a) - labelOf(b) || a - b);
}

/** The maximum number of validation images that are scored, and the maximum of their pixels together. */
const most = { images: 100, pixels: 2 ** 18 } as const;

/** The indices of the validation images on which network and filters are scored: the first ones, fewer if they are large. */
export function sampleNumbers({
  rows,
  columns,
  validationImages,
}: Pick<ImagesSummary, "rows" | "columns" | "validationImages">): number[] {
  const affordable = Math.max(1, Math.floor(most.pixels / (rows * columns)));
  return Array.from({ length: Math.min(most.images, affordable, validationImages) }, (_, image) => image);
}

/** What a network's output can be compared with: clean pictures, another noisy shot of the scene, or neither. */
export type Comparison = "clean" | "other shot" | "nothing";

/** What the output of a run is compared with. Pictures to which a run adds noise are clean, also if it trains without them. */
export function comparedWith({
  selfSupervised,
  noise2noise,
  noise,
}: Pick<TrainingSpec, "selfSupervised" | "noise2noise" | "noise">): Comparison {
  if (noise2noise) return "other shot";
  return selfSupervised && noise.stages.length === 0 ? "nothing" : "clean";
}

/** Whether a run on images with measured noisy twins uses them: twins get no noise, and blind spots learn from one picture alone. */
export function usesTwins({
  selfSupervised,
  noise,
}: Pick<TrainingSpec, "selfSupervised" | "noise">): boolean {
  return !selfSupervised && noise.stages.length === 0;
}

/** The title of the PSNR that training reports after each epoch. */
export function validationPsnrTitle({
  selfSupervised,
  noise2noise,
}: Pick<TrainingSpec, "selfSupervised" | "noise2noise">): string {
  return selfSupervised || noise2noise ? noisyPsnrTitle : "Validation PSNR";
}

/** The title of a PSNR that is not measured against clean pictures. */
export const noisyPsnrTitle = "PSNR to noisy pixels";
