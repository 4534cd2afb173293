import { offerFiles } from "./image-control.ts";
import { store } from "./store.ts";

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
    void offerFiles([...event.dataTransfer.files]);
  });
}
