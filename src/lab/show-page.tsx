import { render } from "preact";
import { announceEpochs } from "./announcements.ts";
import { continueWantedRun } from "./continue-control.ts";
import { listenForDrops, listenForPastes } from "./file-drops.ts";
import { compareFiltersWithRuns } from "./filter-control.ts";
import { listenForKeys } from "./key-shortcuts.ts";
import { askBeforeLeaving } from "./leave-question.ts";
import { keepOfflineCopy } from "./offline-copy.ts";
import { Page } from "./page.tsx";
import { prepareRuns } from "./prepare-control.ts";
import { followPretrained } from "./pretrained-control.ts";
import { keepRuns } from "./runs/keep-run.ts";
import { openShelf } from "./runs/shelf.ts";
import { saveWhenHidden } from "./save-when-hidden.ts";
import { stayAwakeWhileTraining } from "./wake-lock.ts";

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
