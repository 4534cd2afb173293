import { batch } from "@preact/signals";
import { proxy } from "comlink";
import { markPretrained } from "../images/state.ts";
import { sentenceOf } from "../run/failures.ts";
import { runState } from "../run/state.ts";
import { ask } from "../run/worker-link.ts";
import { pictureSize, savePng } from "../shared/files.ts";
import { checkPictureSize } from "../shared/pixels.ts";
import type { ShippedName } from "./protocol.ts";
import type { TrialSubject } from "./state.ts";
import { keepShipped, type NetworkChoice, networkInUse, type TrialWork, trialState } from "./state.ts";
import type { Zoom } from "./words.ts";
import { denoisedName } from "./words.ts";

const modelName = /\.safetensors$/i;

/** Whether a file that was dropped or pasted somewhere on the page is for "Try it". */
export function isForTrial({ name, type }: File): boolean {
  return type.startsWith("image/") || modelName.test(name);
}

/** Reads a picture or a model file; the name decides which it is. */
export function tryFile(file: File): Promise<void> {
  return modelName.test(file.name) ? tryModel(file) : tryPicture(file);
}

/** Reads a picture; if it cannot be read, the previous one stays. */
export async function tryPicture(file: File): Promise<void> {
  const { name } = file;
  const pixels = await reading("picture", name, async () => {
    const size = await pictureSize(file);
    if (size) checkPictureSize(name, size);
    return ask((connected) => connected.readPicture(file), refuse);
  });
  if (!pixels) return;
  batch(() => {
    trialState.what.value = "picture";
    trialState.picture.value = { name, pixels };
    trialState.result.value = undefined;
  });
}

/** Reads a model file to denoise with; if it cannot be read, the previous network stays. */
export async function tryModel(file: File): Promise<void> {
  trialState.modelFiles.value += 1;
  const source = { kind: "file", id: trialState.modelFiles.value, file } as const;
  const network = await reading("network", file.name, () =>
    ask((connected) => connected.readModel(source), refuse),
  );
  if (!network) return;
  batch(() => {
    trialState.chosen.value = "file";
    trialState.model.value = { source, network };
  });
}

/** Chooses the network; one that comes with the page is fetched now, and the previous choice stays if it cannot be loaded. */
export async function chooseNetwork(choice: NetworkChoice): Promise<void> {
  const { value: before } = trialState.chosen;
  trialState.chosen.value = choice;
  trialState.fault.value = undefined;
  if (choice === "run" || choice === "file" || trialState.shipped.value.has(choice)) return;
  await fetchShipped(choice);
  if (trialState.chosen.value === choice && !trialState.shipped.value.has(choice))
    trialState.chosen.value = before;
}

async function fetchShipped(name: ShippedName): Promise<void> {
  const source = { kind: "shipped", name } as const;
  await reading("network", `${name}.safetensors`, async () => {
    const network = await ask((connected) => connected.readModel(source), refuse);
    if (network) keepShipped(name, network);
    if (network && name === "digits") markPretrained(false);
  });
}

/** Whether there is a picture and a network, and no other work is in progress. */
export function canDenoise(): boolean {
  const { value: phase } = runState.phase;
  const open = phase !== "opening" && phase !== "failed";
  return (
    open &&
    networkInUse.value !== undefined &&
    trialState.picture.value !== undefined &&
    !trialState.work.value
  );
}

/** Denoises the picture with the current network. */
export async function denoise(): Promise<void> {
  const { value: picture } = trialState.picture;
  const { value: inUse } = networkInUse;
  if (!picture || !inUse || !canDenoise()) return;
  trialState.share.value = 0;
  await working({ kind: "denoising", name: picture.name }, async (isCurrent) => {
    const request = { pixels: picture.pixels, noise: trialState.noise.value, model: inUse.source };
    const onShare = (share: number) => {
      if (isCurrent()) trialState.share.value = share;
    };
    const denoised = await ask((connected) => connected.denoisePicture(request, proxy(onShare)), refuse);
    // Another picture may have been read meanwhile.
    const isShown = isCurrent() && trialState.picture.value === picture;
    if (denoised && isShown) trialState.result.value = { ...denoised, modelName: inUse.name };
  });
}

/** Cancels the denoising; the previous result stays, also if the new one was finished at the same moment. */
export async function cancelDenoising(): Promise<void> {
  if (trialState.work.value?.kind === "denoising") trialState.work.value = undefined;
  await ask((connected) => connected.cancelPicture(), refuse);
}

/** Downloads the denoised picture as a PNG file. */
export async function download(): Promise<void> {
  const { value: picture } = trialState.picture;
  const { value: result } = trialState.result;
  if (picture && result) await savePng(result.after, denoisedName(picture.name));
}

/** Chooses what to try the network on. */
export function chooseSubject(subject: TrialSubject): void {
  trialState.what.value = subject;
}

/** Sets the factor of the noise that is added to the picture first. */
export function setNoise(factor: number): void {
  trialState.noise.value = factor;
}

export function chooseZoom(zoom: Zoom): void {
  trialState.zoom.value = zoom;
}

/** Moves the border between before and after: 0 to 100, from the left. */
export function moveSplit(percent: number): void {
  trialState.split.value = percent;
}

/** Reads a file; undefined if it cannot be read, or if another of its kind was chosen meanwhile. */
async function reading<T>(
  kind: keyof typeof trialState.latest,
  name: string,
  read: () => Promise<T | undefined>,
): Promise<T | undefined> {
  if (!runState.laboratory.value || runState.phase.value === "failed") {
    trialState.fault.value = `${name} was not read: wait until a run is ready, or press Reset, and choose it again.`;
    return undefined;
  }
  const choice = Symbol();
  trialState.latest[kind].value = choice;
  if (trialState.work.value?.kind === "denoising") await cancelDenoising();
  return working({ kind: "reading", name }, async () => {
    const found = await read();
    return trialState.latest[kind].value === choice ? found : undefined;
  });
}

/** Shows `work` as in progress, and reports an error if it fails; other work may replace it before it ends. */
async function working<T>(
  work: TrialWork,
  done: (isCurrent: () => boolean) => Promise<T>,
): Promise<T | undefined> {
  const isCurrent = () => trialState.work.value === work;
  trialState.work.value = work;
  trialState.fault.value = undefined;
  try {
    return await done(isCurrent);
  } catch (error) {
    if (isCurrent()) refuse(error);
    return undefined;
  } finally {
    if (isCurrent()) trialState.work.value = undefined;
  }
}

function refuse(error: unknown): void {
  trialState.fault.value = sentenceOf(error);
}
