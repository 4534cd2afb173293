import { tryModel } from "../draw/trial.ts";
import { offerAny, offerEntries, withoutHidden } from "../images/offers.ts";
import { arePictures, isPictureName, readEntries } from "../images/own-pictures.ts";
import { importRuns, isRunFile } from "../runs/actions.ts";
import { isModelFile } from "../shared/picture-files.ts";
import { showView, viewState } from "./state.ts";

function isPicture({ name, type }: File): boolean {
  return type.startsWith("image/") || isPictureName(name);
}

/** Shows the view that denoises, and gives it files. Its code is loaded when it is first needed. */
async function denoise(files: readonly File[]): Promise<void> {
  showView("denoise");
  const { takeFiles } = await import("../denoise/denoise-view.tsx");
  await takeFiles(files);
}

/** Denoises the pictures in folders that were dropped, and among files. */
async function denoiseEntries(entries: readonly FileSystemEntry[]): Promise<void> {
  const { files } = await readEntries(entries);
  await denoise(files.map(({ file }) => file).filter((file) => isPicture(file) || isModelFile(file)));
}

/** Accepts files dropped anywhere on the page. Otherwise the browser would leave the page to show them, and end the run. */
export function listenForDrops(): void {
  window.addEventListener("dragover", (event) => {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = "copy";
    viewState.dragging.value = true;
  });
  window.addEventListener("dragleave", (event) => {
    // A drag from one element to another stays within the page.
    if (event.relatedTarget === null) viewState.dragging.value = false;
  });
  window.addEventListener("drop", (event) => {
    viewState.dragging.value = false;
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    const files = withoutHidden([...event.dataTransfer.files]);
    const entries = [...event.dataTransfer.items].flatMap((item) => item.webkitGetAsEntry() ?? []);
    const folders = entries.some(({ isDirectory }) => isDirectory);
    const runs = files.filter(isRunFile);
    if (runs.length > 0) void importRuns(runs);
    else if (viewState.view.value === "denoise") void (folders ? denoiseEntries(entries) : denoise(files));
    else takeInTraining(files, folders ? entries : []);
  });
}

/** Files dropped while the training view is shown: images to train on, one picture to denoise, or a model for drawings. */
function takeInTraining(files: readonly File[], folders: readonly FileSystemEntry[]): void {
  const [first] = files;
  if (folders.length > 0) void offerEntries(folders);
  else if (arePictures(files)) void offerAny(files);
  else if (first?.type.startsWith("image/")) void denoise([first]);
  else if (first && isModelFile(first)) void tryModel(first);
  else void offerAny(files);
}

/** Accepts pictures that are pasted anywhere on the page, and model files. */
export function listenForPastes(): void {
  window.addEventListener("paste", (event) => {
    const pasted = [...(event.clipboardData?.files ?? [])];
    const pictures = pasted.filter(isPicture);
    const [model] = pasted.filter(isModelFile);
    if (pictures.length === 0 && !model) return;
    event.preventDefault();
    if (pictures.length > 0 || viewState.view.value === "denoise") void denoise(pasted);
    else if (model) void tryModel(model);
  });
}
