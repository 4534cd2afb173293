import type { FolderLabels, PictureChoices, Size, SortedPaths } from "./own-pictures.ts";
import type { ImagesSummary } from "./summary.ts";

/** The messages between the page and the training Worker about the user's pictures to train on. */
export interface OwnPicturesService {
  /**
   * Finds the pictures among the paths of files and sorts them; noisy twins in the order of `clean`, the paths of the clean pictures.
   * Throws an InputError that names a picture without a twin.
   */
  sortPaths(paths: readonly string[], clean?: readonly string[]): Promise<SortedPaths>;
  /**
   * Converts pictures of any size to grey images of one size and keeps them available, as `offer` does. Pictures that were
   * recently decoded for the same size and shape are reused. Pictures that cannot be read are left out, and so are their noisy twins,
   * which `readTwins` returns. Undefined if it was cancelled, also by another call. Throws an InputError if too few are left, or
   * if twins differ in size.
   */
  offerPictures(
    order: PicturesOrder,
    read: PictureReader,
    listener: PicturesListener,
    readTwins?: PictureReader,
  ): Promise<ImagesSummary | undefined>;
  /** Cancels the reading of pictures. */
  cancelPictures(): void;
}

export interface PicturesOrder {
  /** The id of the folder of pictures. */
  readonly folder: number;
  /** The name of the pictures in texts. */
  readonly name: string;
  readonly count: number;
  readonly labels: FolderLabels | undefined;
  /** Sentences on the other files among them; undefined if there are none. */
  readonly passedOver: string | undefined;
  readonly choices: PictureChoices;
  /** The folder of their noisy twins, if there is one. */
  readonly twins?: TwinsFolder | undefined;
}

/** A folder of noisy twins: its id, and its name in texts. */
export interface TwinsFolder {
  readonly folder: number;
  readonly name: string;
}

/** Returns pictures by index, so that the Worker never holds many. */
export type PictureReader = (numbers: readonly number[]) => Promise<readonly MeasuredFile[]>;

/** A file, and the size of the picture in it; undefined if it is not a picture. */
export interface MeasuredFile {
  readonly file: File;
  readonly size: Size | undefined;
}

export type PicturesListener = (event: PicturesEvent) => void | Promise<void>;

export type PicturesEvent =
  /** A few of the pictures as the network will get them; sent first. */
  | { readonly kind: "samples"; readonly samples: PictureSamples }
  /** The number of pictures read; sent at most about ten times a second. */
  | { readonly kind: "read"; readonly count: number };

export interface PictureSamples extends Size {
  /** [samples, rows, columns] in [0, 1] */
  readonly pixels: Float32Array<ArrayBuffer>;
  /** [samples]; undefined if they have none. */
  readonly labels: readonly number[] | undefined;
}

/** Validation images: noisy, denoised and clean. */
export interface Pictures {
  /** Their indices. */
  readonly images: readonly number[];
  /** [images]; undefined if they have none. */
  readonly labels: readonly number[] | undefined;
  readonly rows: number;
  readonly columns: number;
  /** [images, rows, columns] in [0, 1] */
  readonly clean: Float32Array<ArrayBuffer>;
  /** [images, rows, columns], unclipped if the noise is */
  readonly noisy: Float32Array<ArrayBuffer>;
  /** [images, rows, columns] in [0, 1] */
  readonly denoised: Float32Array<ArrayBuffer>;
}

/** Validation images, by index, of the images with this `id`. */
export interface ShownChoice {
  readonly id: number;
  readonly images: readonly number[];
}
