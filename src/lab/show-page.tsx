import { render } from "preact";
import { followPretrained } from "./images/shown.ts";
import { followIsolation, keepOfflineCopy } from "./offline/actions.ts";
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
import { continueWantedRun } from "./runs/continue-run.ts";
import { keepRuns } from "./runs/keep-run.ts";
import { shelf } from "./runs/shelf.ts";
import { followViews } from "./views/actions.ts";
import { listenForDrops, listenForPastes } from "./views/drops.ts";

/** Renders the page, and makes it react to input and to its state. */
export function showPage(): void {
  const app = document.getElementById("app");
  if (!app) throw new Error("index.html has no element #app.");
  render(<Page />, app);
  followViews();
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
  followIsolation();
}
