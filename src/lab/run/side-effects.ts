import { computed, effect, signal } from "@preact/signals";
import { shownPictures } from "../images/state.ts";
import { runsState } from "../runs/state.ts";
import { formatLoss } from "../shared/format.ts";
import { keptRunId, type Phase, runId, runState } from "./state.ts";
import { ask } from "./worker-link.ts";

/** Milliseconds from a new run until its first step is prepared, however long the images take. */
const patience = 1000;

const waits = computed(() => (shownPictures.value?.by ?? "waiting") === "waiting");

/**
 * From now on has the first step of every run prepared. A software GPU computes nothing while it compiles, so the visible
 * images come first. Preparing a run again does nothing.
 */
export function prepareRuns(): void {
  effect(() => {
    if (runId.value === undefined) return undefined;
    const timer = setTimeout(prepare, waits.value ? patience : 0);
    return () => clearTimeout(timer);
  });
}

function prepare(): void {
  // Errors are reported when the run trains.
  void ask(
    (connected) => connected.prepare(),
    () => {},
  );
}

/** Milliseconds from one announcement to the next while a run trains, so that a screen reader can finish reading one. */
const announcementPause = 10_000;

/** Phases in which the run does not train; its last figures are then announced at once. */
const stillPhases: readonly Phase[] = ["idle", "finished"];

/** Announces epochs in words, at most one every ten seconds, and the last one as soon as the run stops. */
export function announceEpochs(): void {
  let said = Number.NEGATIVE_INFINITY;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const say = () => {
    clearTimeout(timer);
    timer = undefined;
    said = performance.now();
    runState.announcement.value = words();
  };
  const still = signal(false);
  effect(() => {
    still.value = stillPhases.includes(runState.phase.value);
  });
  effect(() => {
    if (runState.epochs.value.length === 0) {
      clearTimeout(timer);
      timer = undefined;
      runState.announcement.value = "";
    } else if (still.value) {
      say();
    } else {
      timer ??= setTimeout(say, Math.max(0, said + announcementPause - performance.now()));
    }
  });
}

function words(): string {
  const latest = runState.epochs.peek().at(-1);
  const { epochs } = runState.progress.peek() ?? {};
  return latest && epochs !== undefined
    ? `Epoch ${latest.epoch} of ${epochs}: validation loss ${formatLoss(latest.valLoss)}.`
    : "";
}

/**
 * Keeps the screen on while a run trains (w3.org/TR/screen-wake-lock), if the browser can: a device that sleeps would
 * stop training. The browser releases the lock while the page is hidden.
 */
export function stayAwakeWhileTraining(): void {
  if (!("wakeLock" in navigator)) return;
  let wanted = false;
  let lock: Promise<WakeLockSentinel | undefined> | undefined;
  const take = () => {
    if (!wanted || lock || document.visibilityState !== "visible") return;
    const taken = navigator.wakeLock.request("screen").catch(() => undefined);
    lock = taken;
    const forget = () => {
      if (lock === taken) lock = undefined;
    };
    void taken.then((sentinel) => (sentinel ? sentinel.addEventListener("release", forget) : forget()));
  };
  const release = () => {
    void lock?.then((sentinel) => sentinel?.release()).catch(() => {});
    lock = undefined;
  };
  effect(() => {
    wanted = runState.phase.value === "training";
    if (wanted) take();
    else release();
  });
  document.addEventListener("visibilitychange", take);
}

/** Milliseconds of training that may be lost when the page is left: about the time that opening it again takes. */
const littleLost = 15_000;

/**
 * Has the browser ask before the page is left if something would be lost: training that is not saved, or the whole run
 * if runs cannot be kept. Only then the page has the listener, because a page with such a listener is not kept in the
 * browser's back/forward cache.
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
  const { value: phase } = runState.phase;
  return phase === "training" || phase === "pausing";
}

/** Whether the latest checkpoint is so recent that leaving loses very little. */
function isSaved(): boolean {
  const { value: saved } = runsState.saved;
  return !isKeptNowhere() && saved !== undefined && performance.now() - saved.at < littleLost;
}

function isKeptNowhere(): boolean {
  return runsState.storageFault.value !== undefined && runState.epochs.value.length > 0;
}

/** Has the run saved as soon as the page is hidden, because a browser may end hidden pages without notice. */
export function saveWhenHidden(): void {
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState !== "hidden" || keptRunId.value === undefined) return;
    void ask((connected) => connected.save());
  });
}
