import type { AdapterSummary } from "../../device/adapter.ts";
import type { Family } from "../../kernels/family.ts";
import type { TrainingSpec } from "../../spec/settings.ts";
import type { EpochRecord } from "../../training/history.ts";
import type { OwnFiles, PictureChoices } from "../images/own-pictures.ts";
import type { ImagesSummary } from "../images/summary.ts";

/** A training that is kept, all of it but its weights. */
export interface KeptRun {
  /** Never given twice, in any browser. */
  readonly id: string;
  /** Given by the user or generated; unique among kept runs. */
  readonly name: string;
  /** When its first epoch was done: milliseconds since 1970. */
  readonly created: number;
  readonly adapter: AdapterSummary;
  /** How products were computed; undefined where no kernels did it, or before it is known. */
  readonly kernels: Family | undefined;
  readonly images: KeptImages;
  readonly spec: TrainingSpec;
  /** Oldest first: 1, 2, 3 and so on. */
  readonly epochs: readonly EpochRecord[];
  /** On a sample of the validation images; not after every epoch where epochs are short. */
  readonly scores: readonly EpochScores[];
}

/** What images a run had, in words and figures: the images themselves are not kept. */
export type KeptImages = Pick<ImagesSummary, "rows" | "columns" | "trainingImages" | "validationImages"> & {
  /** The names of a person's files; none for the digits that come with the page. */
  readonly files: readonly string[];
  /** How pictures became these images, if they were made of some. */
  readonly choices?: PictureChoices | undefined;
};

/** How near images come to the clean ones, on average over them. */
export interface MeanScores {
  /** In dB. */
  readonly psnr: number;
  /** Undefined for images smaller than its window. */
  readonly ssim: number | undefined;
}

/** A run's scores after an epoch. */
export interface EpochScores extends MeanScores {
  readonly epoch: number;
}

/** A run's weights as they were at some time. */
export interface KeptModel {
  /** Epochs that were done, and steps of the present one. */
  readonly epoch: number;
  readonly step: number;
  /** The model file. */
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** A run's weights, as the Worker sends them. */
export interface ToldModel extends KeptModel {
  /** How products are computed in the run; undefined where no kernels do it. */
  readonly kernels: Family | undefined;
}

/** An id that no other run has. */
export function newRunId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

export function keptImagesOf(images: ImagesSummary, from: OwnFiles | undefined): KeptImages {
  const { rows, columns, trainingImages, validationImages } = images;
  const files = images.files.map(({ name }) => name);
  const choices = from?.kind === "pictures" ? from.choices : undefined;
  return { files, rows, columns, trainingImages, validationImages, ...(choices && { choices }) };
}

/** The runs, the newest first. */
export function newestFirst(runs: readonly KeptRun[]): KeptRun[] {
  return [...runs].sort((a, b) => b.created - a.created || (a.id < b.id ? -1 : 1));
}
