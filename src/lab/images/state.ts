import { batch, computed, signal } from "@preact/signals";
import type { NoiseSpec } from "../../spec/noise.ts";
import { learns, runImages, runSpec, untouched } from "../run/state.ts";
import { reading } from "../settings/state.ts";
import type { OwnFiles } from "./own-pictures.ts";
import type { PictureSamples, Pictures } from "./protocol.ts";
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

/** What denoises the validation images that are shown: the run's network, or the pretrained one. */
export type RowsBy = "run" | "pretrained";

/** The noise that the network for digits was trained for: Gaussian, of this factor. */
export const pretrainedFactor = 0.5;

/** The size of its images, in pixels. */
export const pretrainedSize = { rows: 28, columns: 28 } as const;

/** Validation images denoised by the network for digits, and its input; both [images, rows, columns]. */
interface PretrainedRows {
  readonly noisy: Float32Array<ArrayBuffer>;
  readonly denoised: Float32Array<ArrayBuffer>;
}

/** Pictures, and whether they wait for the network for digits; in that case the denoised row is the noisy one. */
interface PicturesBy {
  readonly by: RowsBy | "waiting";
  readonly pictures: Pictures;
}

/** Whether the network for digits can be compared with a run: the images have its size, and the noise is Gaussian only. */
export function suitsPretrained(
  { stages }: NoiseSpec,
  { rows, columns }: { readonly rows: number; readonly columns: number },
): boolean {
  const [stage, ...others] = stages;
  const gaussian = stage?.kind === "gaussian" && stage.setting !== 0 && others.length === 0;
  return gaussian && rows === pretrainedSize.rows && columns === pretrainedSize.columns;
}

/** The run's pictures, with the denoised row that is to be shown. */
export function picturesBy(by: RowsBy, pictures: Pictures, rows: PretrainedRows | undefined): PicturesBy {
  if (by === "run") return { by, pictures };
  if (!rows || !isOf(rows, pictures)) {
    return { by: "waiting", pictures: { ...pictures, denoised: pictures.noisy } };
  }
  return { by, pictures: { ...pictures, denoised: rows.denoised } };
}

/** Whether the rows are of these pictures. A run shows the same images with the same noise repeatedly. */
export function isOf({ noisy }: PretrainedRows, pictures: Pictures): boolean {
  return (
    noisy.length === pictures.noisy.length && noisy.every((value, index) => value === pictures.noisy[index])
  );
}
