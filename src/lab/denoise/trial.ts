import { batch } from "@preact/signals";
import { proxy } from "comlink";
import type { ShippedName } from "../protocol.ts";
import { sentenceOf } from "../run/failures.ts";
import { ask } from "../run/worker-link.ts";
import { pictureSize, savePng } from "../shared/files.ts";
import { checkPictureSize } from "../shared/pixels.ts";
import { store } from "../store.ts";
import { nameOf } from "../worker/models.ts";
import { networkInUse } from "./trial-network.ts";
import type { NetworkChoice, TrialWork } from "./trial-state.ts";
import { denoisedName } from "./words.ts";

const { trial } = store;

/** Model files that were chosen so far. */
let modelFiles = 0;

/** What was chosen last: a picture or a network that was chosen before another of its kind comes too late. */
const latest: { picture: symbol | undefined; network: symbol | undefined } = {
  picture: undefined,
  network: undefined,
};

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
  const pixels = await reading("picture", name, async () => {
    const size = await pictureSize(file);
    if (size) checkPictureSize(name, size);
    return ask((connected) => connected.readPicture(file), refuse);
  });
  if (!pixels) return;
  batch(() => {
    trial.what.value = "picture";
    trial.picture.value = { name, pixels };
    trial.result.value = undefined;
  });
}

/** Reads a model file to denoise with; the network before stays if it cannot be read. */
export async function tryModel(file: File): Promise<void> {
  modelFiles += 1;
  const source = { kind: "file", id: modelFiles, file } as const;
  const network = await reading("network", file.name, () =>
    ask((connected) => connected.readModel(source), refuse),
  );
  if (!network) return;
  batch(() => {
    trial.chosen.value = "file";
    trial.model.value = { source, network };
  });
}

/** Chooses the network; one that comes with the page is fetched now, and the choice before stays if it cannot be had. */
export async function chooseNetwork(choice: NetworkChoice): Promise<void> {
  const { value: before } = trial.chosen;
  trial.chosen.value = choice;
  trial.fault.value = undefined;
  if (choice === "run" || choice === "file" || trial.shipped.value.has(choice)) return;
  await fetchShipped(choice);
  if (trial.chosen.value === choice && !trial.shipped.value.has(choice)) trial.chosen.value = before;
}

async function fetchShipped(name: ShippedName): Promise<void> {
  const source = { kind: "shipped", name } as const;
  await reading("network", nameOf(source), async () => {
    const network = await ask((connected) => connected.readModel(source), refuse);
    if (network) trial.shipped.value = new Map(trial.shipped.value).set(name, network);
    if (network && name === "digits") store.pretrained.missing.value = false;
  });
}

/** Whether a picture and a network are there, and nothing else is under way. */
export function canDenoise(): boolean {
  const { value: phase } = store.phase;
  const open = phase !== "opening" && phase !== "failed";
  return open && networkInUse.value !== undefined && trial.picture.value !== undefined && !trial.work.value;
}

/** Denoises the picture with the network as it is now. */
export async function denoise(): Promise<void> {
  const { value: picture } = trial.picture;
  const { value: inUse } = networkInUse;
  if (!picture || !inUse || !canDenoise()) return;
  trial.share.value = 0;
  await working({ kind: "denoising", name: picture.name }, async (isCurrent) => {
    const request = { pixels: picture.pixels, noise: trial.noise.value, model: inUse.source };
    const onShare = (share: number) => {
      if (isCurrent()) trial.share.value = share;
    };
    const denoised = await ask((connected) => connected.denoisePicture(request, proxy(onShare)), refuse);
    // Another picture may have been read meanwhile.
    const isShown = isCurrent() && trial.picture.value === picture;
    if (denoised && isShown) trial.result.value = { ...denoised, modelName: inUse.name };
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
  if (picture && result) await savePng(result.after, denoisedName(picture.name));
}

/** Reads a file; undefined if it cannot be, or if another of its kind was chosen meanwhile. */
async function reading<T>(
  kind: keyof typeof latest,
  name: string,
  read: () => Promise<T | undefined>,
): Promise<T | undefined> {
  if (!store.laboratory.value || store.phase.value === "failed") {
    trial.fault.value = `${name} was not read: wait until a run is ready, or press Reset, and choose it again.`;
    return undefined;
  }
  const choice = Symbol();
  latest[kind] = choice;
  if (trial.work.value?.kind === "denoising") await cancelDenoising();
  return working({ kind: "reading", name }, async () => {
    const found = await read();
    return latest[kind] === choice ? found : undefined;
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
