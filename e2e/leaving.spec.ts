import { expect, inWorker, type Lab, test } from "./support/page.ts";

/** Far more epochs than a test waits for. */
const endless = "hidden=8&batch=32&epochs=1000000";

/** Reloads the page, leaving it whatever it asks; gives what it asked. */
async function leave(lab: Lab): Promise<string[]> {
  const asked: string[] = [];
  lab.page.on("dialog", (dialog) => {
    asked.push(dialog.type());
    void dialog.accept();
  });
  await lab.page.reload();
  await lab.ready();
  return asked;
}

test("where nothing is saved and the screen cannot be kept on, it trains all the same, and leaving asks", async ({
  lab,
}) => {
  const { page } = lab;
  await page.addInitScript(() => {
    const asked = { times: 0 };
    const request = async () => {
      asked.times += 1;
      throw new DOMException("The battery is low.", "NotAllowedError");
    };
    Object.defineProperty(navigator, "wakeLock", { value: { request } });
    Object.assign(globalThis, { asked });
  });
  // A run is saved as soon as its first epoch has ended; here the database never answers.
  await inWorker(page, "IDBFactory.prototype.open = () => new EventTarget();");
  await lab.open(endless);
  await lab.press("Train");
  await expect.poll(() => lab.figure("epoch")).toBeGreaterThan(1);
  expect(await page.evaluate(() => (globalThis as unknown as { asked: { times: number } }).asked.times)).toBe(
    1,
  );
  expect(await leave(lab)).toEqual(["beforeunload"]);
});

test("leaving does not ask while a run trains that was saved just now", async ({ lab }) => {
  const { page } = lab;
  // For the page no time passes, so that "just now" does not depend on the machine.
  await page.addInitScript(() => {
    performance.now = () => 0;
  });
  await lab.open(endless);
  await lab.press("Train");
  await expect(page.getByText(/^Saved: epoch \d+/)).toBeVisible();
  expect(await leave(lab)).toEqual([]);
});
