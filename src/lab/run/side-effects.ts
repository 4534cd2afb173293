import { effect, signal } from "@preact/signals";
import { formatLoss } from "../shared/format.ts";
import { store } from "../store.ts";
import type { Phase } from "./phase.ts";

/** Milliseconds from one announcement to the next while a run trains: a screen reader has to come to its end. */
const announcementPause = 10_000;

/** Phases in which the run stands still, so that its last figures are worth hearing at once. */
const stillPhases: readonly Phase[] = ["idle", "finished"];

/** Tells of epochs in words, at most one every ten seconds, and the last one as soon as the run stands still. */
export function announceEpochs(): void {
  let said = Number.NEGATIVE_INFINITY;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const say = () => {
    clearTimeout(timer);
    timer = undefined;
    said = performance.now();
    store.announcement.value = words();
  };
  const still = signal(false);
  effect(() => {
    still.value = stillPhases.includes(store.phase.value);
  });
  effect(() => {
    if (store.epochs.value.length === 0) {
      clearTimeout(timer);
      timer = undefined;
      store.announcement.value = "";
    } else if (still.value) {
      say();
    } else {
      timer ??= setTimeout(say, Math.max(0, said + announcementPause - performance.now()));
    }
  });
}

function words(): string {
  const latest = store.epochs.peek().at(-1);
  const { epochs } = store.progress.peek() ?? {};
  return latest && epochs !== undefined
    ? `Epoch ${latest.epoch} of ${epochs}: validation loss ${formatLoss(latest.valLoss)}.`
    : "";
}
