import { effect } from "@preact/signals";
import { shownPictures } from "../images/state.ts";
import { runState } from "../run/state.ts";
import { isolation } from "./state.ts";

/**
 * Has the browser keep a copy of the built page (service-worker.ts), so that it opens without a network from the second visit
 * on. The development server does not do this. If the browser cannot keep a copy, the page works without it.
 */
export function keepOfflineCopy(): void {
  if (!import.meta.env.PROD || !("serviceWorker" in navigator)) return;
  const { serviceWorker } = navigator;
  let asked = false;
  effect(() => {
    const { value: phase } = runState.phase;
    // Files that the page needs now are loaded first.
    if (asked || phase === "opening" || phase === "starting" || shownPictures.value?.by === "waiting") return;
    asked = true;
    const script = new URL("service-worker.js", document.baseURI).href;
    serviceWorker.register(script, { updateViaCache: "none" }).catch(() => {});
  });
}

/**
 * Records that a reload would isolate the page: once a service worker is active that did not serve this load. A page that it served and
 * that is still not isolated remains so, for example in a frame of another page.
 */
export function followIsolation(): void {
  if (isolation.value === "isolated" || !("serviceWorker" in navigator)) return;
  const { serviceWorker } = navigator;
  if (serviceWorker.controller) return;
  void serviceWorker.ready.then(() => {
    isolation.value = "after a reload";
  });
}
