import { effect } from "@preact/signals";
import { render } from "preact";
import { listenForDrops, listenForPastes } from "./images/offers.ts";
import { followPretrained } from "./images/shown.ts";
import { shownPictures } from "./images/state.ts";
import { Page } from "./page.tsx";
import { compareFiltersWithRuns } from "./results/actions.ts";
import { listenForKeys } from "./run/key-shortcuts.ts";
import {
  announceEpochs,
  askBeforeLeaving,
  prepareRuns,
  saveWhenHidden,
  stayAwakeWhileTraining,
} from "./run/side-effects.ts";
import { runState } from "./run/state.ts";
import { continueWantedRun } from "./runs/continue-run.ts";
import { keepRuns } from "./runs/keep-run.ts";
import { shelf } from "./runs/shelf.ts";

/** Draws the page, and makes it react to input and to its state. */
export function showPage(): void {
  const app = document.getElementById("app");
  if (!app) throw new Error("index.html has no element #app.");
  render(<Page />, app);
  listenForKeys();
  announceEpochs();
  stayAwakeWhileTraining();
  askBeforeLeaving();
  listenForDrops();
  listenForPastes();
  compareFiltersWithRuns();
  void shelf.open();
  keepRuns();
  continueWantedRun();
  saveWhenHidden();
  followPretrained();
  prepareRuns();
  keepOfflineCopy();
}

/**
 * Has the browser keep a copy of the built page (offline/service-worker.ts), so that it opens without a network from the
 * second visit on. Not while developing. Where a browser keeps none, the page works without it.
 */
function keepOfflineCopy(): void {
  if (!import.meta.env.PROD || !("serviceWorker" in navigator)) return;
  const { serviceWorker } = navigator;
  let asked = false;
  effect(() => {
    const { value: phase } = runState.phase;
    // What the page itself needs comes first.
    if (asked || phase === "opening" || phase === "starting" || shownPictures.value?.by === "waiting") return;
    asked = true;
    const script = new URL("service-worker.js", document.baseURI).href;
    serviceWorker.register(script, { updateViaCache: "none" }).catch(() => {});
  });
}
