import { render } from "preact";
import { listenForDrops, listenForPastes } from "./images/file-drops.ts";
import { followPretrained } from "./images/shown.ts";
import { keepOfflineCopy } from "./offline-copy.ts";
import { Page } from "./page.tsx";
import { compareFiltersWithRuns } from "./results/actions.ts";
import { listenForKeys } from "./run/key-shortcuts.ts";
import { askBeforeLeaving } from "./run/leave-question.ts";
import { prepareRuns } from "./run/prepare-control.ts";
import { saveWhenHidden } from "./run/save-when-hidden.ts";
import { announceEpochs } from "./run/side-effects.ts";
import { stayAwakeWhileTraining } from "./run/wake-lock.ts";
import { continueWantedRun } from "./runs/continue-run.ts";
import { keepRuns } from "./runs/keep-run.ts";
import { openShelf } from "./runs/shelf.ts";

/** Draws the page, and has it listen to the person and the store from now on. */
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
  void openShelf();
  keepRuns();
  continueWantedRun();
  saveWhenHidden();
  followPretrained();
  prepareRuns();
  keepOfflineCopy();
}
