import { computed, signal } from "@preact/signals";
import type { Region } from "../../network/centre-out.ts";
import type { NetworkSpec } from "../../spec/network.ts";
import { learns, untouched } from "../run/state.ts";
import { runsState } from "../runs/state.ts";
import { formatCount, formatDuration, whereRunStood } from "../shared/format.ts";
import type { Pixels } from "../shared/picture-files.ts";
import type { DenoisedBy, DenoisedPicture, ModelSource, PictureStage, ShippedName } from "./protocol.ts";

/**
 * Which network denoises: the one that suits the picture, one of the page's, one that learns from the picture alone, the run's, the
 * user's file, or that of a kept run.
 */
export type NetworkChoice = "suitable" | ShippedName | "self" | "run" | "file" | `kept ${string}`;

/** How a picture is denoised. */
export interface PictureChoices {
  readonly network: NetworkChoice;
  /** The strength of the noise that the network is told, relative to the estimate. */
  readonly strength: number;
  /** The standard deviation of the Gaussian noise that is added first; 0 for none. */
  readonly noise: number;
  /** The share of the network's result in what is shown and saved: 0 to 1. */
  readonly blend: number;
}

export const usualChoices: PictureChoices = { network: "suitable", strength: 1, noise: 0, blend: 1 };

/** What happens to a picture of the queue. */
export type PictureWork =
  | { readonly kind: "waiting" | "working" | "done" | "cancelled" }
  /** One sentence. */
  | { readonly kind: "failed"; readonly fault: string };

/** A picture of the queue. Its pixels are decoded only while it is shown or denoised. */
export interface QueuedPicture {
  readonly id: number;
  readonly file: File;
  readonly choices: PictureChoices;
  readonly work: PictureWork;
  /** The latest result, with other choices perhaps; undefined until there is one. */
  readonly result: DenoisedPicture | undefined;
}

/** The decoded pixels of a picture, before and after the network. `after` changes while the network works. */
export interface PicturePixels {
  readonly id: number;
  readonly before: Pixels;
  readonly after: Pixels;
}

/** The picture that is being denoised. */
interface WorkingPicture {
  readonly id: number;
  /** Identifies the request, because a picture may be denoised several times. */
  readonly request: symbol;
  readonly stage: PictureStage;
  /** The share of the stage that is done: 0 to 1. */
  readonly share: number;
}

/** The state of the view that denoises pictures. */
export const denoiseState = {
  /** The queue, the oldest first. */
  pictures: signal<readonly QueuedPicture[]>([]),

  /** The picture that is shown. */
  shown: signal<number | undefined>(undefined),

  working: signal<WorkingPicture | undefined>(undefined),

  /** The pixels of the picture that is being denoised, or was last. */
  live: signal<PicturePixels | undefined>(undefined),

  /** The pixels of a picture that was read to be shown. */
  loaded: signal<PicturePixels | undefined>(undefined),

  /** The part of a picture that has changed last. */
  drawn: signal<{ readonly id: number; readonly region: Region } | undefined>(undefined),

  /** The network for the next pictures. */
  network: signal<NetworkChoice>("suitable"),

  /** The user's model file that was read last. */
  model: signal<
    { readonly source: ModelSource & { readonly kind: "file" }; readonly network: NetworkSpec } | undefined
  >(undefined),

  /** The models of kept runs that were used, by the runs' ids. */
  keptModels: signal<ReadonlyMap<string, ModelSource>>(new Map()),

  /** What was done, or why something could not be done: one sentence each. */
  status: signal<string | undefined>(undefined),
  fault: signal<string | undefined>(undefined),

  zoom: signal<Zoom>("fit"),

  /** Where before ends and after begins: 0 to 100, from the left. */
  split: signal(50),
};

/** The picture that is shown. */
export const shownPicture = computed(() =>
  denoiseState.pictures.value.find(({ id }) => id === denoiseState.shown.value),
);

/** Its pixels; undefined until they are read. */
export const shownPixels = computed(() => {
  const { value: shown } = denoiseState.shown;
  return [denoiseState.live.value, denoiseState.loaded.value].find((pixels) => pixels?.id === shown);
});

/** What the settings show and change: those of the shown picture, or of the next one. */
export const choices = computed<PictureChoices>(
  () => shownPicture.value?.choices ?? { ...usualChoices, network: denoiseState.network.value },
);

/** The networks to choose from. */
export const networkChoices = computed(() => {
  const options: { readonly value: NetworkChoice; readonly title: string }[] = [
    { value: "suitable", title: "Automatic" },
    { value: "photo", title: "Photographs" },
    { value: "digits", title: "Digits" },
    { value: "self", title: "Learn from this picture" },
  ];
  if (!untouched.value || learns.value) options.push({ value: "run", title: "This page's run" });
  for (const { id, name } of runsState.kept.value)
    options.push({ value: `kept ${id}`, title: `Kept run: ${name}` });
  options.push({ value: "file", title: "A model file…" });
  return options;
});

/** The number of pictures that are done, and of those that are not, but will be. */
export const counts = computed(() => {
  const { value: pictures } = denoiseState.pictures;
  const unfinished = pictures.filter(({ work }) => work.kind === "waiting" || work.kind === "working").length;
  return {
    all: pictures.length,
    unfinished,
    done: pictures.filter(({ work }) => work.kind === "done").length,
  };
});

/** The size at which a picture is shown: to fit the available width, or CSS pixels for each of its pixels. */
export type Zoom = "fit" | 1 | 2 | 4;

export const zooms: readonly { readonly value: Zoom; readonly title: string }[] = [
  { value: "fit", title: "Fit" },
  { value: 1, title: "100 %" },
  { value: 2, title: "200 %" },
  { value: 4, title: "400 %" },
];

/** A picture whose longer side is at most this is shown by "fit" at twice its size or more, except on phones. */
const smallSide = 320;

type Size = Pick<Pixels, "rows" | "columns">;

/** The width at which a picture is shown, in CSS, within a container of inline size that is as high as denoise.css says. */
export function shownWidth(zoom: Zoom, { rows, columns }: Size): string {
  const aspect = columns / rows;
  return zoom === "fit" ? `min(100cqi, ${70 * aspect}vh, ${66 * aspect}cqi)` : `${zoom * columns}px`;
}

/** Whether pixels are drawn as squares instead of being blended. */
export function showsPixels(zoom: Zoom, { rows, columns }: Size): boolean {
  return zoom === "fit" ? Math.max(rows, columns) <= smallSide : zoom >= 2;
}

/** The strength of noise, where white is 1: "0.098, 25 of 255" */
export function strengthWords(strength: number): string {
  return `${strength.toFixed(3)}, ${formatLevel(255 * strength)} of 255`;
}

/** 25.02 -> "25", 2.345 -> "2.3" */
function formatLevel(level: number): string {
  return level < 10 ? String(Number(level.toFixed(1))) : level.toFixed(0);
}

/** What denoised a picture: "the network for photographs", a file's name, "a network that learned from it", "the run after 3 epochs" */
export function modelWords({ model, progress }: Pick<DenoisedBy, "model" | "progress">): string {
  if (model === undefined) return whereRunStood(progress);
  if (typeof model === "object") return "file" in model ? model.file : "a network that learned from it";
  return model === "digits" ? "the network for digits" : "the network for photographs";
}

/** What was done: "Done in 1.2 s.", or for a network that learned from the picture "Done in 58 s, after learning for 3,000 steps." */
export function doneWords({ unchanged, seconds, model }: DenoisedPicture): string {
  if (unchanged) return "No noise was found, so the picture is left as it is.";
  const learned = typeof model === "object" && "steps" in model ? model : undefined;
  const steps = learned && `, after learning for ${formatCount(learned.steps)} steps`;
  return `Done in ${formatDuration(seconds)}${steps ?? ""}.`;
}
