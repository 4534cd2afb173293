import type { PictureChoices, Size } from "./images/choices.ts";
import type { FolderLabels } from "./images/folder-labels.ts";
import type { SortedPaths } from "./images/own-pictures.ts";
import type { ImagesSummary } from "./images/summary.ts";

/** What the page and the training Worker say to each other about a person's pictures to train on. */
export interface OwnPicturesService {
  /** Finds the pictures among the paths of files, and sorts them. */
  sortPaths(paths: readonly string[]): Promise<SortedPaths>;
  /**
   * Makes grey images of one size out of pictures of any and keeps them at hand, as `offer` does. What was decoded for the same
   * size and shape not long ago is used again. Pictures that cannot be read are left out. Undefined if it was cancelled, also by
   * another call. Throws an InputError when too few are left.
   */
  offerPictures(
    order: PicturesOrder,
    read: PictureReader,
    listener: PicturesListener,
  ): Promise<ImagesSummary | undefined>;
  /** Ends the reading that is under way. */
  cancelPictures(): void;
}

export interface PicturesOrder {
  /** What the pictures are known by: those of no other folder have it. */
  readonly folder: number;
  /** What to call the pictures. */
  readonly name: string;
  readonly count: number;
  readonly labels: FolderLabels | undefined;
  /** How many other files came with them. */
  readonly skipped: number;
  readonly choices: PictureChoices;
}

/** Hands out pictures by their numbers, so that the Worker never holds many. */
export type PictureReader = (numbers: readonly number[]) => Promise<readonly MeasuredFile[]>;

/** A file, and the size of the picture in it; undefined if it is none. */
export interface MeasuredFile {
  readonly file: File;
  readonly size: Size | undefined;
}

export type PicturesListener = (event: PicturesEvent) => void | Promise<void>;

export type PicturesEvent =
  /** A few of the pictures as they come to look; told first. */
  | { readonly kind: "samples"; readonly samples: PictureSamples }
  /** How many have been read; told at most some ten times a second. */
  | { readonly kind: "read"; readonly count: number };

export interface PictureSamples extends Size {
  /** [samples, rows, columns] in [0, 1] */
  readonly pixels: Float32Array<ArrayBuffer>;
  /** [samples]; undefined where they have none. */
  readonly labels: readonly number[] | undefined;
}
