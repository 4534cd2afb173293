import { effect } from "@preact/signals";
import { shownPictures, store } from "./store.ts";

/**
 * Has the browser keep a copy of the built page (offline/service-worker.ts), so that it opens without a network from the second
 * visit on. Not while developing. Where a browser keeps none, the page works as ever.
 */
export function keepOfflineCopy(): void {
  if (!import.meta.env.PROD || !("serviceWorker" in navigator)) return;
  const { serviceWorker } = navigator;
  let asked = false;
  effect(() => {
    const { value: phase } = store.phase;
    // What the page itself needs comes first.
    if (asked || phase === "opening" || phase === "starting" || shownPictures.value?.by === "waiting") return;
    asked = true;
    const script = new URL("service-worker.js", document.baseURI).href;
    serviceWorker.register(script, { updateViaCache: "none" }).catch(() => {});
  });
}
