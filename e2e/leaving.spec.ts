import { expect, test } from "./support/page.ts";

test("where the screen cannot be kept on, as on a low battery, it trains all the same", async ({ lab }) => {
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
  await lab.open();
  await lab.setQuickRun(1);
  await lab.press("Train");
  await lab.finished();
  expect(await page.evaluate(() => (globalThis as unknown as { asked: { times: number } }).asked.times)).toBe(
    1,
  );
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

test("leaving asks while a run trains that is not saved yet", async ({ lab }) => {
  const { page } = lab;
  const asked: string[] = [];
  page.on("dialog", (dialog) => {
    asked.push(dialog.type());
    void dialog.accept();
  });
  // A run is saved from its first epoch on, which takes its time with so small a batch.
  await lab.open("#batch=1");
  await lab.press("Train");
  await expect.poll(() => lab.figure("step")).toBeGreaterThan(0);
  await page.reload();
  await lab.ready();
  expect(asked).toEqual(["beforeunload"]);
});
