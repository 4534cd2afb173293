import { takeImages } from "../run/actions.ts";
import { ask } from "../run/worker-link.ts";
import { store } from "../store.ts";
import type { Offer } from "./offer.ts";
import type { OwnFiles } from "./own-pictures.ts";
import { chooseImages } from "./summary.ts";

/** Reads files that were chosen or dropped. What they hold is then shown; the run stays as it is. */
export async function offerFiles(files: readonly File[]): Promise<void> {
  if (files.length === 0) return;
  if (!canOffer(files[0]?.name)) return;
  store.search.value = undefined;
  void ask((connected) => connected.cancelPictures());
  const before = standingOffer();
  const own: OwnFiles = { kind: "images", files };
  const offer: Offer = { files: own, images: undefined, before };
  store.refusal.value = undefined;
  store.offer.value = offer;
  const images = await ask((connected) => connected.offer(files));
  // Other files may have been chosen meanwhile.
  if (store.offer.value !== offer) return;
  store.offer.value = images ? { files: own, images } : before;
}

/** Whether files can be read now; says so if they cannot. */
export function canOffer(name: string | undefined): boolean {
  if (store.images.value && store.phase.value !== "failed") return true;
  store.refusal.value = `${name} was not read: wait until a run is ready, or press Reset, and choose it again.`;
  return false;
}

/** The latest offer that has been read. */
export function standingOffer(): Offer | undefined {
  const { value: offer } = store.offer;
  return offer?.images ? offer : offer?.before;
}

/** Starts a new run with the images that were offered. */
export async function takeOffer(): Promise<void> {
  const { value: offer } = store.offer;
  if (!offer?.images) return;
  await takeImages(offer.images, offer.files);
  if (store.images.value?.id === offer.images.id && store.offer.value === offer)
    store.offer.value = undefined;
}

/** Goes on without the files that were offered. */
export function dismissOffer(): void {
  void ask((connected) => connected.cancelPictures());
  store.offer.value = undefined;
}

/** Starts a new run with the digits that come with the page. */
export async function takeDigits(): Promise<void> {
  const { value: laboratory } = store.laboratory;
  if (laboratory) await takeImages(laboratory.digits, undefined);
}

/** Pictures other images with the chosen labels. */
export async function showOthers(): Promise<void> {
  const { value: images } = store.images;
  if (!images) return;
  const chosen = chooseImages(images, store.labels.value);
  await ask((connected) => connected.show({ id: images.id, images: chosen }));
}

/** Chooses a label to picture, or drops it. */
export async function toggleLabel(label: number): Promise<void> {
  const labels = new Set(store.labels.value);
  if (!labels.delete(label)) labels.add(label);
  store.labels.value = labels;
  await showOthers();
}
