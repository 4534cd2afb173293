import { batch } from "@preact/signals";
import { proxy } from "comlink";
import type { Region } from "../../network/centre-out.ts";
import { InputError } from "../../spec/input-error.ts";
import { askWithoutRun, sentenceOf } from "../run/worker-link.ts";
import { shelf } from "../runs/shelf.ts";
import { runsState } from "../runs/state.ts";
import { checkPictureSize, nextModelFile, pictureSize } from "../shared/picture-files.ts";
import { counter } from "../shared/scheduling.ts";
import type { DenoisedPicture, NetworkWish, PictureEvent } from "./protocol.ts";
import {
  denoiseState,
  type NetworkChoice,
  type PictureChoices,
  type PictureWork,
  type QueuedPicture,
  usualChoices,
} from "./state.ts";

const nextId = counter();

/** Puts pictures at the end of the queue, shows the first of them, and denoises all, one after the other. */
export function addPictures(files: readonly File[], change: Partial<PictureChoices> = {}): void {
  if (files.length === 0) return;
  const choices = { ...usualChoices, network: denoiseState.network.value, ...change };
  const added = files.map((file) => ({
    ...{ id: nextId(), file, choices, result: undefined },
    work: { kind: "waiting" } as const,
  }));
  batch(() => {
    denoiseState.pictures.value = [...denoiseState.pictures.value, ...added];
    denoiseState.shown.value = added[0]?.id;
    denoiseState.fault.value = undefined;
    denoiseState.status.value = undefined;
  });
  interrupt();
  void workThrough();
}

/** Changes the choices of a picture; it is denoised again by `enqueue`. */
export function setChoices(id: number, change: Partial<PictureChoices>): void {
  update(id, (picture) => ({ ...picture, choices: { ...picture.choices, ...change } }));
}

/** Has pictures denoised, perhaps again: the one that is shown first. */
export function enqueue(ids: readonly number[]): void {
  const { working } = denoiseState;
  batch(() => {
    for (const id of ids) setWork(id, { kind: "waiting" });
  });
  if (working.value && ids.includes(working.value.id)) stop();
  else interrupt();
  void workThrough();
}

/** Cancels pictures that are not done. */
export function cancelPictures(ids: readonly number[]): void {
  const { value: working } = denoiseState.working;
  batch(() => {
    for (const id of ids) {
      update(id, (picture) => {
        const ends = picture.work.kind === "waiting" || picture.work.kind === "working";
        return ends ? { ...picture, work: { kind: "cancelled" } } : picture;
      });
    }
  });
  if (working && ids.includes(working.id)) stop();
}

/** Removes pictures from the queue. If the one that is shown is among them, its successor is shown. */
export function removePictures(ids: readonly number[]): void {
  cancelPictures(ids);
  const { value: pictures } = denoiseState.pictures;
  const left = pictures.filter(({ id }) => !ids.includes(id));
  const place = pictures.findIndex(({ id }) => id === denoiseState.shown.value);
  const next = pictures.slice(place).find(({ id }) => !ids.includes(id)) ?? left.at(-1);
  batch(() => {
    denoiseState.pictures.value = left;
    denoiseState.shown.value = next?.id;
    const isLeft = (found: { readonly id: number } | undefined) => left.some(({ id }) => id === found?.id);
    if (!isLeft(denoiseState.live.value)) denoiseState.live.value = undefined;
    if (!isLeft(denoiseState.loaded.value)) denoiseState.loaded.value = undefined;
  });
}

/** Denoises the pictures that wait; does nothing if that is under way. */
async function workThrough(): Promise<void> {
  if (denoiseState.working.value) return;
  for (let next = nextPicture(); next; next = nextPicture()) await denoise(next);
}

function nextPicture(): QueuedPicture | undefined {
  const waiting = denoiseState.pictures.value.filter(({ work }) => work.kind === "waiting");
  return waiting.find(({ id }) => id === denoiseState.shown.value) ?? waiting[0];
}

async function denoise({ id, file, choices }: QueuedPicture): Promise<void> {
  const request = Symbol();
  const { noise, strength } = choices;
  batch(() => {
    const stage = choices.network === "self" ? "learning" : "denoising";
    denoiseState.working.value = { id, request, stage, share: 0 };
    setWork(id, { kind: "working" });
  });
  const take = (event: PictureEvent) => {
    if (denoiseState.working.value?.request === request) takeEvent(id, event);
  };
  let end: PictureWork = { kind: "waiting" };
  let result: DenoisedPicture | undefined;
  try {
    // Known before it is decoded, so that one that is too large takes no memory.
    const size = await pictureSize(file);
    if (size) checkPictureSize(file.name, size);
    const network = await wishOf(choices.network);
    result = await askWithoutRun((connected) =>
      connected.denoisePicture({ file, network, noise, strength }, proxy(take)),
    );
    // Without a result the Worker was replaced, or the picture has to wait for another one.
    if (result) end = { kind: "done" };
  } catch (error) {
    end = { kind: "failed", fault: sentenceOf(error) };
  }
  batch(() => {
    denoiseState.working.value = undefined;
    if (result?.unchanged) leaveAsItIs(id);
    update(id, (picture) => {
      // Since then it may have been cancelled, or given other choices.
      if (picture.work.kind !== "working") return picture;
      return { ...picture, work: end, result: result ?? picture.result };
    });
  });
}

/** Ends the learning from the picture that is worked on; it is denoised by the network as far as it has learned. */
export function stopLearning(): void {
  void askWithoutRun((connected) => connected.stopLearning()).catch(() => {});
}

/**
 * Ends the work on a picture that is not shown if the shown one waits; it is denoised later. Learning is not ended: it would have to
 * begin again.
 */
function interrupt(): void {
  const { value: working } = denoiseState.working;
  if (working?.stage === "learning") return;
  const { value: shown } = denoiseState.shown;
  const waits = denoiseState.pictures.value.some(({ id, work }) => id === shown && work.kind === "waiting");
  if (working && working.id !== shown && waits) stop();
}

function stop(): void {
  // The picture's own request reports errors.
  void askWithoutRun((connected) => connected.cancelPicture()).catch(() => {});
}

/** The network that is asked for; throws an InputError if there is none. */
async function wishOf(choice: NetworkChoice): Promise<NetworkWish> {
  if (choice === "suitable" || choice === "run" || choice === "self") return { kind: choice };
  if (choice === "file") {
    const { value: model } = denoiseState.model;
    if (!model) throw new InputError("Choose a model file, or another network.");
    return model.source;
  }
  if (choice === "digits" || choice === "photo") return { kind: "shipped", name: choice };
  const id = choice.slice("kept ".length);
  const known = denoiseState.keptModels.value.get(id);
  if (known) return known;
  const run = runsState.kept.value.find((kept) => kept.id === id);
  if (!run) throw new InputError("This run is not kept any more: choose another network.");
  const model = await shelf.modelOf(id);
  if (!model) throw new InputError(`The weights of ${run.name} are missing: choose another network.`);
  const source = { kind: "file", id: nextModelFile(), file: new File([model.bytes], run.name) } as const;
  denoiseState.keptModels.value = new Map(denoiseState.keptModels.value).set(id, source);
  return source;
}

function takeEvent(id: number, event: PictureEvent): void {
  switch (event.kind) {
    case "read": {
      const { before } = event;
      const known = [denoiseState.live.value, denoiseState.loaded.value].find((pixels) => pixels?.id === id);
      const after = known ? known.after : { ...before, rgba: before.rgba.slice() };
      denoiseState.live.value = { id, before, after };
      return;
    }
    case "region": {
      const { value: live } = denoiseState.live;
      if (live?.id !== id) return;
      write(live.after, event.region, event.rgba);
      denoiseState.drawn.value = { id, region: event.region };
      return;
    }
    case "share": {
      const { value: working } = denoiseState.working;
      const { stage, share } = event;
      if (working) denoiseState.working.value = { ...working, stage, share };
    }
  }
}

/** Shows a picture in which no noise was found. */
function leaveAsItIs(id: number): void {
  const { value: live } = denoiseState.live;
  if (live?.id !== id) return;
  const { rows, columns, rgba } = live.before;
  live.after.rgba.set(rgba);
  denoiseState.drawn.value = { id, region: { top: 0, bottom: rows, left: 0, right: columns } };
}

function write(
  { rgba, columns }: { readonly rgba: Uint8ClampedArray; readonly columns: number },
  { top, bottom, left, right }: Region,
  part: Uint8ClampedArray,
): void {
  const width = 4 * (right - left);
  for (let row = top; row < bottom; row++) {
    const from = (row - top) * width;
    rgba.set(part.subarray(from, from + width), 4 * (row * columns + left));
  }
}

function setWork(id: number, work: PictureWork): void {
  update(id, (picture) => ({ ...picture, work }));
}

function update(id: number, change: (picture: QueuedPicture) => QueuedPicture): void {
  denoiseState.pictures.value = denoiseState.pictures.value.map((picture) =>
    picture.id === id ? change(picture) : picture,
  );
}
