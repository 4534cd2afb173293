import type { Page } from "@playwright/test";
import { expect, test } from "./support/page.ts";

interface Locks {
  taken: number;
  released: number;
}

/** Puts a wake lock in the browser's place that counts; with `refusing` one that is never given, as on a low battery. */
async function countLocks(page: Page, refusing = false): Promise<void> {
  await page.addInitScript((refuses) => {
    const locks: Locks = { taken: 0, released: 0 };
    const held = new Set<EventTarget>();
    const letGo = (sentinel: EventTarget) => {
      if (!held.delete(sentinel)) return;
      locks.released += 1;
      sentinel.dispatchEvent(new Event("release"));
    };
    const request = async () => {
      locks.taken += 1;
      if (refuses) throw new DOMException("The battery is low.", "NotAllowedError");
      const sentinel = new EventTarget();
      held.add(sentinel);
      return Object.assign(sentinel, { release: async () => letGo(sentinel) });
    };
    let visibility = "visible";
    const look = (wanted: string) => {
      visibility = wanted;
      // A browser takes the locks of a page that is hidden.
      if (wanted === "hidden") for (const sentinel of held) letGo(sentinel);
      document.dispatchEvent(new Event("visibilitychange"));
    };
    Object.defineProperty(navigator, "wakeLock", { value: { request } });
    Object.defineProperty(document, "visibilityState", { get: () => visibility });
    Object.assign(globalThis, { locks, look });
  }, refusing);
}

const locksOf = (page: Page) => page.evaluate(() => (globalThis as unknown as { locks: Locks }).locks);

const look = (page: Page, visibility: "visible" | "hidden") =>
  page.evaluate(
    (wanted) => (globalThis as unknown as { look: (wanted: string) => void }).look(wanted),
    visibility,
  );

test("the screen stays on while a run trains, also after the page was hidden, and no longer", async ({
  lab,
}) => {
  const { page } = lab;
  await countLocks(page);
  await lab.open();
  expect(await locksOf(page)).toEqual({ taken: 0, released: 0 });
  await lab.press("Train");
  await expect.poll(() => locksOf(page)).toEqual({ taken: 1, released: 0 });
  await look(page, "hidden");
  expect(await locksOf(page)).toEqual({ taken: 1, released: 1 });
  await look(page, "visible");
  await expect.poll(() => locksOf(page)).toEqual({ taken: 2, released: 1 });
  await lab.press("Pause");
  await expect.poll(() => locksOf(page)).toEqual({ taken: 2, released: 2 });
  await look(page, "hidden");
  await look(page, "visible");
  expect(await locksOf(page)).toEqual({ taken: 2, released: 2 });

  await lab.press("Reset");
  await lab.ready();
  await lab.setQuickRun(1);
  await lab.press("Train");
  await lab.finished();
  await expect.poll(() => locksOf(page)).toEqual({ taken: 3, released: 3 });
});

test("where the screen cannot be kept on, it trains all the same", async ({ lab }) => {
  await countLocks(lab.page, true);
  await lab.open();
  await lab.setQuickRun(1);
  await lab.press("Train");
  await lab.finished();
  expect(await locksOf(lab.page)).toEqual({ taken: 1, released: 0 });
});

test("leaving the page asks first while a run trains, and only then", async ({ lab }) => {
  const { page } = lab;
  const asked: string[] = [];
  page.on("dialog", (dialog) => {
    asked.push(dialog.type());
    void dialog.accept();
  });
  await lab.open();
  // Browsers ask only those who have touched the page.
  await lab.press("Step");
  await expect(page.locator("#step")).toHaveText("1");
  await page.reload();
  await lab.ready();
  expect(asked).toEqual([]);
  await lab.press("Train");
  await expect.poll(() => lab.figure("step")).toBeGreaterThan(0);
  await page.reload();
  await lab.ready();
  expect(asked).toEqual(["beforeunload"]);
});

test("leaving asks also after training where the browser keeps no runs", async ({ lab }) => {
  const { page } = lab;
  const asked: string[] = [];
  page.on("dialog", (dialog) => {
    asked.push(dialog.type());
    void dialog.accept();
  });
  for (const forbidden of [false, true]) {
    if (forbidden) {
      await page.addInitScript(() => {
        IDBFactory.prototype.open = () => {
          throw new DOMException("Storage is forbidden here.", "SecurityError");
        };
      });
      await page.reload();
    } else await lab.open();
    await lab.ready();
    await lab.setQuickRun(1);
    await lab.press("Train");
    await lab.finished();
    await page.reload();
    expect(asked).toEqual(forbidden ? ["beforeunload"] : []);
  }
});
