import type { Page } from "@playwright/test";

/**
 * A headless browser hides no tab, so what hiding does to a page is done here: no frames, timers once a second, and locks of the
 * screen let go. To be called before the page is opened; locks are counted, and none is asked of the system.
 */
export async function prepareHiding(page: Page): Promise<void> {
  await page.addInitScript(() => {
    let hidden = false;
    const locks = { taken: 0, released: 0 };
    const held = new Set<EventTarget>();
    const letGo = (sentinel: EventTarget) => {
      if (!held.delete(sentinel)) return;
      locks.released += 1;
      sentinel.dispatchEvent(new Event("release"));
    };
    const request = async () => {
      locks.taken += 1;
      const sentinel = new EventTarget();
      held.add(sentinel);
      return Object.assign(sentinel, { release: async () => letGo(sentinel) });
    };
    const { requestAnimationFrame: frame, setTimeout: timer } = window;
    const slow = (task: TimerHandler, delay = 0, ...rest: unknown[]) =>
      timer(task, hidden ? Math.max(delay, 1000) : delay, ...rest);
    const setHidden = (wanted: boolean) => {
      hidden = wanted;
      if (hidden) for (const sentinel of held) letGo(sentinel);
      document.dispatchEvent(new Event("visibilitychange"));
    };
    Object.assign(window, {
      requestAnimationFrame: (draw: FrameRequestCallback) => (hidden ? 0 : frame(draw)),
      setTimeout: slow,
      hiding: { locks, setHidden },
    });
    Object.defineProperty(navigator, "wakeLock", { value: { request } });
    Object.defineProperty(document, "hidden", { get: () => hidden });
    Object.defineProperty(document, "visibilityState", { get: () => (hidden ? "hidden" : "visible") });
  });
}

interface Hiding {
  readonly locks: { readonly taken: number; readonly released: number };
  readonly setHidden: (hidden: boolean) => void;
}

/** Hides the page behind another tab, or shows it again. */
export function setHidden(page: Page, hidden: boolean): Promise<void> {
  return page.evaluate(
    (wanted) => (globalThis as unknown as { hiding: Hiding }).hiding.setHidden(wanted),
    hidden,
  );
}

/** The locks of the screen that the page took, and those that it has no more. */
export function screenLocks(page: Page): Promise<Hiding["locks"]> {
  return page.evaluate(() => ({ ...(globalThis as unknown as { hiding: Hiding }).hiding.locks }));
}
