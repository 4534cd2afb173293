import type { Page } from "@playwright/test";
import { prepareHiding, screenLocks, setHidden } from "./support/hidden-tab.ts";
import { expect, inWorker, type Lab, test } from "./support/page.ts";

/** Polls often, because the expected change takes only a moment, and the run uses a core meanwhile. */
const often = { intervals: [100] };

/** Reads without waiting for a frame, because a hidden page has no frames. */
const epochOf = (page: Page) =>
  page.evaluate(() => Number(document.getElementById("epoch")?.textContent?.replaceAll(",", "")));

test("training continues in a hidden tab and keeps the screen on if possible, and leaving asks if something would be lost", async ({
  lab,
}) => {
  const { page } = lab;
  const asked: string[] = [];
  page.on("dialog", (dialog) => {
    asked.push(dialog.type());
    void dialog.dismiss();
  });
  await prepareHiding(page);
  // Many more epochs than the test waits for.
  await lab.open("hidden=8&batch=32&epochs=1000000");
  await test.step("the screen is kept on during the training, which continues in a hidden tab", () =>
    hide(lab));

  await test.step("leaving does not ask while a run trains that was saved just now", async () => {
    // The page's clock stands still, so that "just now" does not depend on the machine.
    await page.evaluate(() => {
      performance.now = () => 0;
    });
    const paused = await epochOf(page);
    await lab.press("Train");
    await expect.poll(() => epochOf(page), often).toBeGreaterThan(paused);
    await expect(page.getByText(/^Saved: epoch \d+/)).toBeVisible();
    await page.reload();
    await lab.ready();
    expect(asked).toEqual([]);
  });

  await test.step("leaving does not ask while a run is stopped", async () => {
    // Browsers ask only after the user has interacted with the page.
    await lab.press("Step");
    await expect(page.locator("#step")).toHaveText("1");
    // A run is saved after its first epoch. From now on the database never answers.
    await inWorker(page, "IDBFactory.prototype.open = () => new EventTarget();");
    await page.reload();
    await lab.ready();
    expect(asked).toEqual([]);
  });

  await test.step("if nothing can be saved and the screen cannot be kept on, the training continues, and leaving asks", async () => {
    await refuseScreenLocks(page);
    await lab.press("Train");
    await expect.poll(() => epochOf(page), often).toBeGreaterThan(1);
    expect(await refusals(page)).toBe(1);
    await page.close({ runBeforeUnload: true });
    await expect.poll(() => asked).toEqual(["beforeunload"]);
  });
});

async function hide(lab: Lab): Promise<void> {
  const { page } = lab;
  expect(await screenLocks(page)).toEqual({ taken: 0, released: 0 });
  await lab.press("Train");
  await expect.poll(() => epochOf(page), often).toBeGreaterThan(0);
  await expect.poll(() => screenLocks(page), often).toEqual({ taken: 1, released: 0 });

  await setHidden(page, true);
  expect(await screenLocks(page)).toEqual({ taken: 1, released: 1 });
  const before = await epochOf(page);
  await expect.poll(() => epochOf(page), often).toBeGreaterThan(before + 1);
  await setHidden(page, false);
  await expect.poll(() => screenLocks(page), often).toEqual({ taken: 2, released: 1 });
  await lab.press("Pause");
  await expect(page.getByText("Paused")).toBeVisible();
  await expect.poll(() => screenLocks(page), often).toEqual({ taken: 2, released: 2 });
  await setHidden(page, true);
  await setHidden(page, false);
  expect(await screenLocks(page)).toEqual({ taken: 2, released: 2 });
}

/** From now on the browser refuses to keep the screen on, and counts the requests. */
function refuseScreenLocks(page: Page): Promise<void> {
  return page.evaluate(() => {
    const refused = { times: 0 };
    const request = async () => {
      refused.times += 1;
      throw new DOMException("The battery is low.", "NotAllowedError");
    };
    Object.assign(navigator.wakeLock, { request });
    Object.assign(globalThis, { refused });
  });
}

const refusals = (page: Page) =>
  page.evaluate(() => (globalThis as unknown as { refused: { times: number } }).refused.times);
