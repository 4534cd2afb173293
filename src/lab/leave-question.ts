import { effect } from "@preact/signals";
import { store } from "./store.ts";

/**
 * Has the browser ask before the page is left where that loses something: while a run trains, for its latest weights may not be
 * kept yet, and where runs cannot be kept at all. Only then does the page listen: a listener would keep it out of the browser's
 * cache of pages to go back to.
 */
export function askBeforeLeaving(): void {
  const ask = (event: BeforeUnloadEvent) => event.preventDefault();
  effect(() => {
    if (isTraining() || isKeptNowhere()) window.addEventListener("beforeunload", ask);
    else window.removeEventListener("beforeunload", ask);
  });
}

function isTraining(): boolean {
  const { value: phase } = store.phase;
  return phase === "training" || phase === "pausing";
}

function isKeptNowhere(): boolean {
  return store.runs.storageFault.value !== undefined && store.epochs.value.length > 0;
}
