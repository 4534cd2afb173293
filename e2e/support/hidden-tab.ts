import type { Page } from "@playwright/test";

/**
 * Simulates the effects of hiding a tab, which a headless browser does not do: no frames, timers once a second, and
 * released screen wake locks. Call it before the page is opened. Wake locks are counted, but not requested from the
 * system.
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

/** The number of screen wake locks that the page requested, and of those that were released. */
export function screenLocks(page: Page): Promise<Hiding["locks"]> {
  return page.evaluate(() => ({ ...(globalThis as unknown as { hiding: Hiding }).hiding.locks }));
}
