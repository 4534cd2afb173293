import { effect, signal } from "@preact/signals";
import { shownPictures } from "../images/state.ts";
import { runState } from "../run/state.ts";

/** Whether the page is cross-origin isolated. If it is not, its Workers cannot share memory, and one thread computes. */
export type Isolation =
  | "isolated"
  /** This load is not, but the service worker is active now, so the next load will be. */
  | "after a reload"
  /** Neither the server nor a service worker sends the headers, or the browser ignores them. */
  | "not isolated";

export const isolation = signal<Isolation>(
  globalThis.crossOriginIsolated === true ? "isolated" : "not isolated",
);

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
