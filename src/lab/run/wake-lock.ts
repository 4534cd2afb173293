import { effect } from "@preact/signals";
import { store } from "../store.ts";

/**
 * Keeps the screen on while a run trains (w3.org/TR/screen-wake-lock), where a browser can: a device that falls asleep would
 * stop training. The browser takes the lock back while the page is hidden.
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
    wanted = store.phase.value === "training";
    if (wanted) take();
    else release();
  });
  document.addEventListener("visibilitychange", take);
}
