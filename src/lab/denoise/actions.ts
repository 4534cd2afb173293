import { batch } from "@preact/signals";
import { WorkSlices } from "../../network/work-slices.ts";
import { askWithoutRun, sentenceOf } from "../run/worker-link.ts";
import { isModelFile, nextModelFile, pngOf } from "../shared/picture-files.ts";
import { Delay } from "../shared/scheduling.ts";
import { addPictures, cancelPictures, enqueue, removePictures, setChoices } from "./queue.ts";
import { saveShown } from "./saving.ts";
import {
  choices,
  denoiseState,
  type NetworkChoice,
  type PictureChoices,
  type QueuedPicture,
  shownPicture,
  shownPixels,
  type Zoom,
} from "./state.ts";

/** Milliseconds from the last movement of a slider until the picture is denoised again. */
const pause = 250;

const denoisesAgain = new Delay(pause);

/** Denoises pictures that were chosen, dropped or pasted; a model file among them is the network that is used. */
export async function takeFiles(files: readonly File[]): Promise<void> {
  const model = files.find(isModelFile);
  if (model) await useModel(model);
  addPictures(files.filter((file) => !isModelFile(file)));
}

/** Has a picture made by code, with noise, denoised. */
export async function tryExample(): Promise<void> {
  addPictures([await examplePicture()], { noise: 0.1 });
}

/** Loads the network for photographs, so that the first picture does not wait for it. */
export async function prepare(): Promise<void> {
  // Errors are reported when a picture needs the network.
  await askWithoutRun((connected) => connected.preparePictures()).catch(() => {});
}

/** Shows a picture of the queue. */
export async function showPicture(id: number): Promise<void> {
  denoiseState.shown.value = id;
  const { value: picture } = shownPicture;
  if (!picture || shownPixels.value) return;
  try {
    const { file, result } = picture;
    const before = await askWithoutRun((connected) => connected.readPicture(file, picture.choices.noise));
    const png = result && new File([result.png], file.name);
    const after = png ? await askWithoutRun((connected) => connected.readPicture(png, 0)) : before;
    if (!before || !after || denoiseState.shown.value !== id || shownPixels.value) return;
    const own = png ? after : { ...before, rgba: before.rgba.slice() };
    denoiseState.loaded.value = { id, before, after: own };
  } catch {
    // A file that cannot be read has failed in the queue, too, which says why.
  }
}

/** Shows the next picture of the queue, or with -1 the previous one. */
async function showNext(step: 1 | -1): Promise<void> {
  const { value: pictures } = denoiseState.pictures;
  const place = pictures.findIndex(({ id }) => id === denoiseState.shown.value);
  const next = pictures[place + step];
  if (next) await showPicture(next.id);
}

/** Changes how the shown picture is denoised, and denoises it again if that matters. */
export function choose(change: Partial<PictureChoices>): void {
  const { value: picture } = shownPicture;
  batch(() => {
    denoiseState.fault.value = undefined;
    if (change.network !== undefined) denoiseState.network.value = change.network;
    if (picture) setChoices(picture.id, change);
  });
  if (!picture || !isOther({ ...picture.choices, ...change }, picture.choices)) return;
  if (change.network !== undefined) enqueue([picture.id]);
  else denoisesAgain.start(() => enqueue([picture.id]));
}

/** Chooses the network; without a model file the picture waits until one is chosen. */
export function chooseNetwork(network: NetworkChoice): void {
  const { value: picture } = shownPicture;
  if (network === "file" && !denoiseState.model.value) {
    denoiseState.network.value = network;
    if (picture) setChoices(picture.id, { network });
  } else choose({ network });
}

/** Reads a model file to denoise with; if it cannot be read, the previous network stays. */
export async function useModel(file: File): Promise<void> {
  const source = { kind: "file", id: nextModelFile(), file } as const;
  denoiseState.fault.value = undefined;
  try {
    const network = await askWithoutRun((connected) => connected.readModel(source));
    if (!network) return;
    denoiseState.model.value = { source, network };
    const { value: picture } = shownPicture;
    denoiseState.network.value = "file";
    if (!picture) return;
    setChoices(picture.id, { network: "file" });
    enqueue([picture.id]);
  } catch (error) {
    denoiseState.fault.value = sentenceOf(error);
  }
}

/** Gives all pictures of the queue the choices of the shown one. */
export function applyToAll(): void {
  const { value: wanted } = choices;
  const others = denoiseState.pictures.value.filter(({ id }) => id !== denoiseState.shown.value);
  batch(() => {
    for (const { id } of others) setChoices(id, wanted);
    const changed = others.filter(
      (picture) => picture.work.kind !== "cancelled" && isOther(wanted, picture.choices),
    );
    enqueue(changed.map(({ id }) => id));
  });
}

export function retry(id: number): void {
  enqueue([id]);
}

export function cancel(id: number): void {
  cancelPictures([id]);
}

export function cancelAll(): void {
  denoisesAgain.cancel();
  cancelPictures(denoiseState.pictures.value.map(({ id }) => id));
}

/** Removes a picture from the queue. */
export async function remove(id: number): Promise<void> {
  removePictures([id]);
  const { value: shown } = denoiseState.shown;
  if (shown !== undefined) await showPicture(shown);
}

export function removeAll(): void {
  denoisesAgain.cancel();
  removePictures(denoiseState.pictures.value.map(({ id }) => id));
}

export function chooseZoom(zoom: Zoom): void {
  denoiseState.zoom.value = zoom;
}

/** Moves the border between before and after: 0 to 100, from the left. */
export function moveSplit(percent: number): void {
  denoiseState.split.value = percent;
}

/** Handles a key of this view: N and P show the next and the previous picture, D downloads the shown one. */
export function pressKey(key: string): void {
  if (key === "n") void showNext(1);
  else if (key === "p") void showNext(-1);
  else if (key === "d") void saveShown();
}

/** Whether a picture has to be denoised again for other choices. A network that learns from it is told no strength. */
function isOther(one: PictureChoices, other: QueuedPicture["choices"]): boolean {
  if (one.network !== other.network || one.noise !== other.noise) return true;
  return one.network !== "self" && one.strength !== other.strength;
}

/** The size of the example in pixels. */
const example = { columns: 480, rows: 320 } as const;

/** Milliseconds of drawing it, after which the page can handle other events. */
const slice = 10;

/** A landscape: sky, sun, hills with a pattern, and a fence. It is made by code, because the page comes with no photographs. */
async function examplePicture(): Promise<File> {
  const { columns, rows } = example;
  const rgba = new Uint8ClampedArray(4 * rows * columns);
  const slices = new WorkSlices(slice);
  for (let row = 0; row < rows; row++) {
    await slices.breathe();
    for (let column = 0; column < columns; column++) {
      const at = 4 * (row * columns + column);
      const [red, green, blue] = colourAt(row, column);
      rgba[at] = 255 * red;
      rgba[at + 1] = 255 * green;
      rgba[at + 2] = 255 * blue;
      rgba[at + 3] = 255;
    }
  }
  return new File([await pngOf({ rows, columns, rgba })], "example.png", { type: "image/png" });
}

type Colour = readonly [red: number, green: number, blue: number];

function colourAt(row: number, column: number): Colour {
  const [x, y] = [column / example.columns, row / example.rows];
  const sun = Math.hypot(column - 350, row - 80) < 34;
  const far = 0.52 + 0.09 * Math.sin(5.5 * x) + 0.03 * Math.sin(17 * x + 1);
  const near = 0.7 + 0.07 * Math.sin(4 * x + 2.4);
  const post = column % 40 < 6 && y > 0.8 && y < 0.95;
  const rail = y > 0.84 && y < 0.862;
  if (post || rail) return [0.36, 0.25, 0.16];
  if (y > near) {
    const furrow = 0.06 * Math.sin(column / 5 + 60 * (y - near));
    return [0.42 + furrow, 0.55 + furrow, 0.22];
  }
  if (y > far) return [0.32, 0.45 - 0.2 * (y - far), 0.42];
  if (sun) return [1, 0.89, 0.55];
  return [0.55 + 0.4 * y, 0.72 + 0.2 * y, 0.95 - 0.1 * y];
}
