import { batch, computed, signal } from "@preact/signals";
import { learns, runImages, runSpec, untouched } from "../run/state.ts";
import { reading } from "../settings/state.ts";
import type { OwnFiles } from "./own-pictures.ts";
import type { PictureSamples, Pictures } from "./protocol.ts";
import { type PretrainedRows, picturesBy, pretrainedSize, type RowsBy, suitsPretrained } from "./rows.ts";
import type { ImagesSummary } from "./summary.ts";

/** The user's files, with which a run can be started once they are read. */
export interface Offer {
  readonly files: OwnFiles;
  /** Undefined while they are being read. */
  readonly images: ImagesSummary | undefined;
  /** While the files are read: the previous offer, which stays if they cannot be used. */
  readonly before?: Offer | undefined;
  /** A few of the pictures as the network will get them; undefined until they are read. */
  readonly samples?: PictureSamples | undefined;
  /** How many pictures have been read. */
  readonly read?: number | undefined;
}

/** The state of the images: the user's own, and those that are shown. */
export const imagesState = {
  /** The user's files that the run's images are from, which a new Worker reads again; undefined for the digits. */
  files: signal<OwnFiles | undefined>(undefined),

  /** Files that were chosen or dropped, but are not used yet. */
  offer: signal<Offer | undefined>(undefined),

  /** The current search for pictures in what was chosen or dropped. */
  search: signal<symbol | undefined>(undefined),

  /** The labels of the images to show; an empty set means any. */
  labels: signal<ReadonlySet<number>>(new Set()),

  /** The latest pictures. */
  pictures: signal<Pictures | undefined>(undefined),

  /** The network for digits that comes with the page, beside the run's. */
  pretrained: {
    /** Whose denoised images the user wants to see; undefined if the run's state decides. */
    chosen: signal<RowsBy | undefined>(undefined),

    /** The validation images that it denoised last. */
    rows: signal<PretrainedRows | undefined>(undefined),

    /** Whether it could not be loaded; the page then works without it. */
    missing: signal(false),
  },
};

/** Whether the run has the user's own images. */
export const ownImages = computed(() => (runImages.value?.files.length ?? 0) > 0);

/** The distinct labels of the validation images. */
export const validationLabels = computed(() =>
  [...new Set(runImages.value?.labels ?? [])].sort((a, b) => a - b),
);

/**
 * Whether the network for digits can be compared with the run's. Before the first run it is compared with the run that
 * the page opens with.
 */
export const comparesPretrained = computed(() => {
  const spec = runSpec.value ?? reading.value.spec;
  if (!spec || imagesState.pretrained.missing.value) return false;
  return suitsPretrained(spec.noise, runImages.value ?? pretrainedSize);
});

/** Whether it is shown in place of the run's network, which is still untrained. */
export const startsPretrained = computed(
  () => comparesPretrained.value && !ownImages.value && untouched.value && !learns.value,
);

/** Whose denoised images are shown. */
export const rowsBy = computed<RowsBy>(() => {
  if (!comparesPretrained.value) return "run";
  return imagesState.pretrained.chosen.value ?? (startsPretrained.value ? "pretrained" : "run");
});

/** The latest pictures, denoised by the network that is shown. */
export const shownPictures = computed(() => {
  const { value: pictures } = imagesState.pictures;
  return pictures && picturesBy(rowsBy.value, pictures, imagesState.pretrained.rows.value);
});

/** Stores the files that the run's images are from. */
export function takeFiles(files: OwnFiles | undefined): void {
  imagesState.files.value = files;
}

/** Drops the pictures of images that the page's run no longer has, and the labels that were chosen. */
export function forgetPictures(): void {
  batch(() => {
    imagesState.pictures.value = undefined;
    imagesState.labels.value = new Set();
  });
}

export function takePictures(pictures: Pictures): void {
  imagesState.pictures.value = pictures;
}

export function dropOffer(): void {
  imagesState.offer.value = undefined;
}

/** Says that the network for digits was loaded, or could not be. */
export function markPretrained(missing: boolean): void {
  imagesState.pretrained.missing.value = missing;
}
