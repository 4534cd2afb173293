import type { NamedLabel } from "./own-pictures.ts";

/** Images to train on and to validate with, as far as the page knows them: the images themselves stay in the Worker. */
export interface ImagesSummary {
  /** What the Worker knows them by. */
  readonly id: number;
  /** A person's files; none for the digits that come with the page. */
  readonly files: readonly FileSummary[];
  /** Labels and left-out files of the person's pictures, if the images were made of some. */
  readonly pictures?: PicturesSummary | undefined;
  readonly rows: number;
  readonly columns: number;
  readonly trainingImages: number;
  /** Images that training never sees. */
  readonly validationImages: number;
  /** [validationImages]; undefined where they have none. */
  readonly labels: Uint8Array<ArrayBuffer> | undefined;
  /** A few of the training images: [samples, rows, columns] in [0, 1]. */
  readonly samples: Float32Array<ArrayBuffer>;
}

export type FileRole = "training" | "training labels" | "validation" | "validation labels";

/** One of a person's files. */
export interface FileSummary {
  readonly role: FileRole;
  readonly name: string;
  /** Its size as it is on the disk. */
  readonly bytes: number;
  /** How many images or labels it holds. */
  readonly count: number;
}

/** The pictures that a person's images were made of: their labels, and the files that were left out. */
export interface PicturesSummary {
  /** By label; none where they have no labels. */
  readonly labels: readonly NamedLabel[];
  /** How many other files came with them. */
  readonly skipped: number;
  readonly unread: UnreadPictures;
}

/** Pictures that could not be read. */
export interface UnreadPictures {
  readonly count: number;
  /** The first of them. */
  readonly names: readonly string[];
}

/** Pictures shown at a time. */
const shownCount = 10;

/**
 * Numbers of validation images drawn at random among those with one of the `wanted` labels, or among all if none is wanted;
 * by label, and else by number.
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
 * Different numbers below `count`, each as likely as any (Floyd's algorithm: Bentley, Programming Pearls, CACM 30.9, 1987).
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

/** Validation images that are scored at most, and what they may come to in pixels. */
const most = { images: 100, pixels: 2 ** 18 } as const;

/** The numbers of the validation images that network and filters are scored on: the first, fewer of large ones. */
export function sampleNumbers({
  rows,
  columns,
  validationImages,
}: Pick<ImagesSummary, "rows" | "columns" | "validationImages">): number[] {
  const affordable = Math.max(1, Math.floor(most.pixels / (rows * columns)));
  return Array.from({ length: Math.min(most.images, affordable, validationImages) }, (_, image) => image);
}
