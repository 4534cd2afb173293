import { batch, effect } from "@preact/signals";
import { keepShipped } from "../denoise/state.ts";
import type { Pictures } from "../protocol.ts";
import { runImages, runState } from "../run/state.ts";
import { ask } from "../run/worker-link.ts";
import { NewestOnly } from "../shared/scheduling.ts";
import { isOf, type RowsBy } from "./rows.ts";
import { imagesState, markPretrained, rowsBy } from "./state.ts";
import { chooseImages } from "./summary.ts";

const work = new NewestOnly();

/** Shows other images with the chosen labels. */
export async function showOthers(): Promise<void> {
  const { value: images } = runImages;
  if (!images) return;
  const chosen = chooseImages(images, imagesState.labels.value);
  await ask((connected) => connected.show({ id: images.id, images: chosen }));
}

/** Chooses a label of the images to show, or drops it. */
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

/** From now on has the network for digits denoise the images that are shown, where they are to be shown by it. */
export function followPretrained(): void {
  effect(() => {
    const { value: phase } = runState.phase;
    // A person who lets the run learn wants to see it learn.
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

/** A page that cannot have the network shows the run's images, as if there were no such network. */
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
    keepShipped("digits", denoised.network);
  });
}
