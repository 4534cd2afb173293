import type { NamedLabel } from "./folder-labels.ts";

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
  /** Its size as it lies on the disk. */
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
