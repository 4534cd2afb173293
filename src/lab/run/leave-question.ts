import { effect } from "@preact/signals";
import { store } from "../store.ts";

/** Milliseconds of training that may be done anew after the page was left: no more than opening it again takes. */
const littleLost = 15_000;

/**
 * Has the browser ask before the page is left where that loses something: training that is not saved, and all of a run where runs
 * cannot be kept at all. Only then does the page listen: a listener would keep it out of the browser's cache of pages to go back to.
 */
export function askBeforeLeaving(): void {
  const ask = (event: BeforeUnloadEvent) => {
    if (!isSaved()) event.preventDefault();
  };
  effect(() => {
    if (isTraining() || isKeptNowhere()) window.addEventListener("beforeunload", ask);
    else window.removeEventListener("beforeunload", ask);
  });
}

function isTraining(): boolean {
  const { value: phase } = store.phase;
  return phase === "training" || phase === "pausing";
}

/** Whether a checkpoint is so new that leaving loses next to nothing. */
function isSaved(): boolean {
  const { value: saved } = store.runs.saved;
  return !isKeptNowhere() && saved !== undefined && performance.now() - saved.at < littleLost;
}

function isKeptNowhere(): boolean {
  return store.runs.storageFault.value !== undefined && store.epochs.value.length > 0;
}
