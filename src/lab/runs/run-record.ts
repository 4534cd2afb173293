import type { AdapterSummary } from "../../device/adapter.ts";
import type { Family } from "../../kernels/family.ts";
import type { TrainingSpec } from "../../spec/settings.ts";
import type { EpochRecord } from "../../training/history.ts";
import type { OwnFiles, PictureChoices } from "../images/own-pictures.ts";
import type { FileSummary, ImagesSummary } from "../images/summary.ts";

/** A kept run, without its weights. */
export interface KeptRun {
  /** Unique, also among browsers. */
  readonly id: string;
  /** Given by the user or generated; unique among kept runs. */
  readonly name: string;
  /** When its first epoch was done: milliseconds since 1970. */
  readonly created: number;
  readonly adapter: AdapterSummary;
  /** The family of kernels; undefined if there is none, as on the CPU, or before it is known. */
  readonly kernels: Family | undefined;
  readonly images: KeptImages;
  readonly spec: TrainingSpec;
  /** Oldest first: 1, 2, 3 and so on. */
  readonly epochs: readonly EpochRecord[];
  /** Scores on a sample of the validation images; not after every epoch if epochs are short. */
  readonly scores: readonly EpochScores[];
}

/** A description of a run's images; the images themselves are not stored. */
export type KeptImages = Pick<ImagesSummary, "rows" | "columns" | "trainingImages" | "validationImages"> & {
  /** The names of the user's files; empty for the digits that come with the page. */
  readonly files: readonly string[];
  /** The names of the files with their measured noisy twins; undefined if they have none. */
  readonly twins?: readonly string[] | undefined;
  /** The choices with which pictures became these images, if they were made from pictures. */
  readonly choices?: PictureChoices | undefined;
};

/** How close images are to the clean ones, on average. */
export interface MeanScores {
  /** In dB. */
  readonly psnr: number;
  /** Undefined for images smaller than SSIM's window. */
  readonly ssim: number | undefined;
}

/** A run's scores after an epoch. */
export interface EpochScores extends MeanScores {
  readonly epoch: number;
}

/** A run's weights at some time. */
export interface KeptModel {
  /** The number of epochs done, and of steps done in the current one. */
  readonly epoch: number;
  readonly step: number;
  /** The model file. */
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** A run's weights, as the Worker sends them. */
export interface ToldModel extends KeptModel {
  /** The run's family of kernels; undefined if there is none, as on the CPU. */
  readonly kernels: Family | undefined;
}

/** An id that no other run has. */
export function newRunId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

export function keptImagesOf(images: ImagesSummary, from: OwnFiles | undefined): KeptImages {
  const { rows, columns, trainingImages, validationImages } = images;
  const isTwins = ({ role }: FileSummary) => role === "twins" || role === "validation twins";
  const files = images.files.filter((file) => !isTwins(file)).map(({ name }) => name);
  const twins = images.files.filter(isTwins).map(({ name }) => name);
  const choices = from?.kind === "pictures" ? from.choices : undefined;
  return {
    ...{ files, rows, columns, trainingImages, validationImages },
    ...(twins.length > 0 && { twins }),
    ...(choices && { choices }),
  };
}

/** The runs, the newest first. */
export function newestFirst(runs: readonly KeptRun[]): KeptRun[] {
  return [...runs].sort((a, b) => b.created - a.created || (a.id < b.id ? -1 : 1));
}

/** The maximum length of a run's name, in characters. */
export const longestName = 80;

/** The maximum length of a file's name, in characters, so that it has at most 255 bytes with an ending, as all systems allow. */
const longestStem = 50;

/** Control characters, and those that change the direction of text, which names do not have. */
const unprintable = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Co}]/gu;

/** Names that Windows reserves for devices, whatever follows their first dot. */
const deviceName = /^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(?=\.|$)/i;

/** A name as it is stored: in one line, without invisible characters, and not too long; empty if nothing is left. */
export function tidyName(text: string): string {
  // Truncated first, because a name in a file may have any length.
  const visible = text
    .slice(0, 4 * longestName)
    .replace(/\s/g, " ")
    .replace(unprintable, "")
    .replace(/ +/g, " ")
    .trim();
  return [...visible].slice(0, longestName).join("").trim();
}

/** The name, with a number if it is taken: "784-32-784 (2)". */
export function uniqueName(name: string, taken: Iterable<string>): string {
  const others = new Set(taken);
  if (!others.has(name)) return name;
  for (let number = 2; ; number++) {
    const suffix = ` (${number})`;
    const numbered = `${[...name].slice(0, longestName - suffix.length).join("")}${suffix}`;
    if (!others.has(numbered)) return numbered;
  }
}

/** The name of a run's files without the ending; valid on every system. */
export function fileStem(name: string): string {
  const plain = tidyName(name)
    .normalize("NFC")
    .replace(/[^\p{L}\p{M}\p{N},._ ()+-]+/gu, "-")
    .replace(/\s+/g, " ");
  const stem = [...plain]
    .slice(0, longestStem)
    .join("")
    .replace(/^[\s.-]+|[\s.-]+$/g, "");
  if (stem === "") return "run";
  return deviceName.test(stem) ? `run ${stem}` : stem;
}
