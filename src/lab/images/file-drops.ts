import { isForTrial, tryFile } from "../denoise/trial.ts";
import { importRuns, isRunFile } from "../runs/actions.ts";
import { store } from "../store.ts";
import { arePictures, offerAny, offerEntries } from "./own-pictures-control.ts";

/** Files may be dropped anywhere on the page; a browser would else leave the page, and the run with it, to show them. */
export function listenForDrops(): void {
  window.addEventListener("dragover", (event) => {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = "copy";
    store.dragging.value = true;
  });
  window.addEventListener("dragleave", (event) => {
    // From one element to the next it stays within the page.
    if (event.relatedTarget === null) store.dragging.value = false;
  });
  window.addEventListener("drop", (event) => {
    store.dragging.value = false;
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    const files = [...event.dataTransfer.files];
    const entries = [...event.dataTransfer.items].flatMap((item) => item.webkitGetAsEntry() ?? []);
    const folders = entries.some(({ isDirectory }) => isDirectory);
    const [first] = files;
    const overTrial = event.target instanceof Element && event.target.closest("#try-it") !== null;
    const runs = files.filter(isRunFile);
    if (runs.length > 0) void importRuns(runs);
    else if (!overTrial && folders) void offerEntries(entries);
    else if (!overTrial && arePictures(files)) void offerAny(files);
    else if (first && (overTrial || isForTrial(first))) void tryFile(first);
    else void offerAny(files);
  });
}

/** A picture on the clipboard may be pasted anywhere on the page. */
export function listenForPastes(): void {
  window.addEventListener("paste", (event) => {
    const picture = [...(event.clipboardData?.files ?? [])].find(isForTrial);
    if (!picture) return;
    event.preventDefault();
    void tryFile(picture);
  });
}
