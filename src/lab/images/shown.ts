import { batch, effect } from "@preact/signals";
import { meanPsnr } from "../../metrics/psnr.ts";
import { keepDigits } from "../draw/state.ts";
import { runImages, runState } from "../run/state.ts";
import { ask } from "../run/worker-link.ts";
import { NewestOnly } from "../shared/scheduling.ts";
import type { Pictures } from "./protocol.ts";
import { imagesState, isOf, markPretrained, type RowsBy, rowsBy } from "./state.ts";
import { chooseImages } from "./summary.ts";

const work = new NewestOnly();

/** Shows other images with the chosen labels. */
export async function showOthers(): Promise<void> {
  const { value: images } = runImages;
  if (!images) return;
  const chosen = chooseImages(images, imagesState.labels.value);
  await ask((connected) => connected.show({ id: images.id, images: chosen }));
}

/** Adds a label to those of the images to show, or removes it. */
export async function toggleLabel(label: number): Promise<void> {
  const labels = new Set(imagesState.labels.value);
  if (!labels.delete(label)) labels.add(label);
  imagesState.labels.value = labels;
  await showOthers();
}

/** Chooses whose denoised images are shown. */
export function chooseRows(by: RowsBy): void {
  imagesState.pretrained.chosen.value = by;
}

/** From now on has the network for digits denoise the images that are shown, where its results are to be shown. */
export function followPretrained(): void {
  effect(() => {
    const { value: phase } = runState.phase;
    // A user who starts training wants to see the run's own results.
    if (phase === "training" || phase === "stepping") imagesState.pretrained.chosen.value = undefined;
  });
  effect(() => {
    void runState.phase.value;
    const { value: pictures } = imagesState.pictures;
    if (!pictures || rowsBy.value === "run") return;
    const { value: rows } = imagesState.pretrained.rows;
    if (!rows || !isOf(rows, pictures)) void work.do(() => denoise(pictures));
  });
}

/** Denoises pictures with the network for digits. If it cannot be loaded, the page shows the run's images. */
async function denoise({ rows, columns, noisy }: Pictures): Promise<void> {
  // The network is fetched only when the run's own images can be shown.
  if (runState.phase.value === "opening") return;
  const request = { rows, columns, images: noisy, model: { kind: "shipped", name: "digits" } } as const;
  const denoised = await ask(
    (connected) => connected.denoiseImages(request),
    () => markPretrained(true),
  );
  if (!denoised) return;
  batch(() => {
    imagesState.pretrained.rows.value = { noisy, denoised: denoised.images };
    keepDigits(denoised.network);
  });
}

/** A validation image before and after the network; pictures are [rows, columns], black at 0 and white at 1, PSNR in dB. */
export interface ShownImage {
  /** Its number among the validation images. */
  readonly image: number;
  /** Undefined if the images have none. */
  readonly label: number | undefined;
  readonly rows: number;
  readonly columns: number;
  readonly noisy: Float32Array;
  readonly denoised: Float32Array;
  readonly clean: Float32Array;
  readonly noisyPsnr: number;
  readonly denoisedPsnr: number;
}

/** The images of `pictures`, each with its PSNR before and after. */
export function shownImages(pictures: Pictures | undefined): readonly ShownImage[] {
  if (!pictures) return [];
  const { images, labels, rows, columns } = pictures;
  const size = rows * columns;
  return images.map((image, place) => {
    const partOf = (values: Float32Array) => values.subarray(place * size, (place + 1) * size);
    const clean = partOf(pictures.clean);
    const noisy = partOf(pictures.noisy);
    const denoised = partOf(pictures.denoised);
    return {
      image,
      label: labels?.[place],
      rows,
      columns,
      noisy,
      denoised,
      clean,
      noisyPsnr: meanPsnr(noisy, clean, size),
      denoisedPsnr: meanPsnr(denoised, clean, size),
    };
  });
}

/** The mean of the images' PSNR, computed like the validation's. */
export function meanPsnrs(images: readonly ShownImage[]): { noisy: number; denoised: number } | undefined {
  if (images.length === 0) return undefined;
  const mean = (of: (image: ShownImage) => number) =>
    images.reduce((sum, image) => sum + of(image), 0) / images.length;
  return { noisy: mean(({ noisyPsnr }) => noisyPsnr), denoised: mean(({ denoisedPsnr }) => denoisedPsnr) };
}
