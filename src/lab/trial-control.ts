import { batch } from "@preact/signals";
import { proxy } from "comlink";
import { denoisedName } from "./comparison.ts";
import { pictureSize } from "./picture-size.ts";
import { checkPictureSize } from "./pixels.ts";
import { ask, sentenceOf } from "./run-control.ts";
import { store, type TrialWork } from "./store.ts";

const { trial } = store;

const modelName = /\.safetensors$/i;

/** Whether a file that was dropped or pasted somewhere on the page is for "Try it". */
export function isForTrial({ name, type }: File): boolean {
  return type.startsWith("image/") || modelName.test(name);
}

/** Takes a picture or a model file, whichever it is by its name. */
export function tryFile(file: File): Promise<void> {
  return modelName.test(file.name) ? tryModel(file) : tryPicture(file);
}

/** Reads a picture; the one before stays if it cannot be read. */
export async function tryPicture(file: File): Promise<void> {
  const { name } = file;
  const pixels = await reading(name, async () => {
    const size = await pictureSize(file);
    if (size) checkPictureSize(name, size);
    return ask((connected) => connected.readPicture(file), refuse);
  });
  if (!pixels) return;
  batch(() => {
    trial.picture.value = { name, pixels };
    trial.result.value = undefined;
  });
}

/** Reads a model file to denoise with; the network before stays if it cannot be read. */
export async function tryModel(file: File): Promise<void> {
  const { name } = file;
  const model = await reading(name, () => ask((connected) => connected.readModel(file), refuse));
  if (model) trial.model.value = { name, model };
}

/** Goes back from a model file to the run's own weights. */
export function useRunWeights(): void {
  trial.model.value = undefined;
}

/** Whether a picture and a network are there, and nothing else is under way. */
export function canDenoise(): boolean {
  const { value: phase } = store.phase;
  const open = phase !== "opening" && phase !== "failed";
  const network = trial.model.value ?? store.runSpec.value;
  return open && network !== undefined && trial.picture.value !== undefined && !trial.work.value;
}

/** Denoises the picture with the network as it is now. */
export async function denoise(): Promise<void> {
  const { value: picture } = trial.picture;
  const { value: chosen } = trial.model;
  if (!picture || !canDenoise()) return;
  trial.share.value = 0;
  await working({ kind: "denoising", name: picture.name }, async (isCurrent) => {
    const request = { pixels: picture.pixels, noise: trial.noise.value, model: chosen?.model };
    const onShare = (share: number) => {
      if (isCurrent()) trial.share.value = share;
    };
    const denoised = await ask((connected) => connected.denoisePicture(request, proxy(onShare)), refuse);
    if (denoised && isCurrent()) trial.result.value = { ...denoised, modelName: chosen?.name };
  });
}

/** Ends the denoising that is under way; what was there before stays. */
export async function cancelDenoising(): Promise<void> {
  await ask((connected) => connected.cancelPicture(), refuse);
}

/** Hands the denoised picture to the person as a PNG file. */
export async function download(): Promise<void> {
  const { value: picture } = trial.picture;
  const { value: result } = trial.result;
  if (!picture || !result) return;
  const { rows, columns, rgba } = result.after;
  const canvas = new OffscreenCanvas(columns, rows);
  canvas.getContext("2d")?.putImageData(new ImageData(rgba, columns, rows), 0, 0);
  const link = document.createElement("a");
  link.href = URL.createObjectURL(await canvas.convertToBlob({ type: "image/png" }));
  link.download = denoisedName(picture.name);
  link.click();
  // The browser has begun to read it by the next task, but not before.
  setTimeout(() => URL.revokeObjectURL(link.href));
}

/** Reads a file; undefined if it cannot be, or if another was chosen meanwhile. */
async function reading<T>(name: string, read: () => Promise<T | undefined>): Promise<T | undefined> {
  if (!store.laboratory.value || store.phase.value === "failed") {
    trial.fault.value = `${name} was not read: wait until a run is ready, or press Reset, and choose it again.`;
    return undefined;
  }
  if (trial.work.value?.kind === "denoising") await cancelDenoising();
  return working({ kind: "reading", name }, async (isCurrent) => {
    const found = await read();
    return isCurrent() ? found : undefined;
  });
}

/** Shows that `work` is under way, and why it failed if it did; other work may take its place meanwhile. */
async function working<T>(
  work: TrialWork,
  done: (isCurrent: () => boolean) => Promise<T>,
): Promise<T | undefined> {
  const isCurrent = () => trial.work.value === work;
  trial.work.value = work;
  trial.fault.value = undefined;
  try {
    return await done(isCurrent);
  } catch (error) {
    if (isCurrent()) refuse(error);
    return undefined;
  } finally {
    if (isCurrent()) trial.work.value = undefined;
  }
}

function refuse(error: unknown): void {
  trial.fault.value = sentenceOf(error);
}
