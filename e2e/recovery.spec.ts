import type { Page } from "@playwright/test";
import { expect, exposeDevice, loseDevice, loseEveryDevice, test } from "./support/page.ts";

/** Long enough to be cut short, quick enough to be done three times. */
const epochs = 10;
const settings = `#hidden=16&batch=256&epochs=${epochs}`;

/** The figures of the run that was kept last, to the last bit, without what the clock said. */
function keptFigures(page: Page): Promise<number[]> {
  return page.evaluate(async () => {
    const answer = <T>(request: IDBRequest<T>) =>
      new Promise<T>((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
    const database = await answer(indexedDB.open("unsnow"));
    const runs: { created: number; epochs: Float64Array }[] = await answer(
      database.transaction("runs").objectStore("runs").getAll(),
    );
    database.close();
    const [newest] = runs.sort((a, b) => b.created - a.created);
    return [...(newest?.epochs ?? [])].filter((_, place) => place % 5 !== 4);
  });
}

test("a lost GPU and a reload change no figure of a run", async ({ lab }) => {
  // Three runs, one after the other.
  test.slow();
  const { page } = lab;
  await exposeDevice(page);
  await lab.open(settings);
  await lab.press("Train");
  await lab.finished();
  await expect.poll(async () => (await keptFigures(page)).length).toBe(4 * epochs);
  const undisturbed = await keptFigures(page);

  await lab.press("Train");
  await expect.poll(() => lab.figure("epoch")).toBeGreaterThan(2);
  await loseDevice(page);
  await expect(
    page.getByText(/^The GPU was lost; training goes on from epoch \d+(, step \d+)?\.$/),
  ).toBeVisible();
  await lab.finished();
  await expect.poll(() => keptFigures(page)).toEqual(undisturbed);

  await lab.press("Train");
  await expect(page.getByText(/^Saved: epoch \d+/)).toBeVisible();
  // What is saved may be left without a question.
  const asked: string[] = [];
  page.on("dialog", (dialog) => {
    asked.push(dialog.type());
    void dialog.accept();
  });
  await page.reload();
  await lab.ready();
  expect(asked).toEqual([]);
  const offer = page.getByText(/is saved and can go on from epoch \d+/);
  await expect(offer).toHaveText(new RegExp(`of ${epochs}\\.$`));
  await page.getByRole("button", { name: /^Continue 784-16-784/ }).click();
  await lab.finished();
  await expect.poll(() => keptFigures(page)).toEqual(undisturbed);
  await expect(offer).toBeHidden();
  // Finished, it is there with its weights, and no longer to be continued.
  await page.reload();
  await lab.ready();
  await expect(page.getByRole("list", { name: "Kept runs" }).getByRole("listitem")).toHaveCount(3);
  await expect(offer).toBeHidden();
});

test("where no other GPU can be opened, the CPU goes on from the same state", async ({ lab }) => {
  const { page } = lab;
  await exposeDevice(page);
  await lab.open("#hidden=8&batch=256&epochs=400");
  await lab.press("Train");
  await expect(page.getByText(/^Saved: epoch \d+/)).toBeVisible();
  await loseEveryDevice(page);
  await expect(page.getByRole("alert")).toContainText(
    "The GPU was lost, and no other could be opened: WebGPU is available, but no GPU adapter was found.",
  );
  const done = await lab.figure("epoch");
  expect(done).toBeGreaterThan(0);
  await page.getByRole("button", { name: /^Continue on the CPU from epoch/ }).click();
  await expect(page.locator("#adapter")).toHaveText("the CPU");
  await expect(page.locator(".run-status")).toHaveText("Training");
  await expect.poll(() => lab.figure("epoch")).toBeGreaterThanOrEqual(done);
  await lab.press("Pause");
  await expect(page.getByText("Paused")).toBeVisible();
  await expect(page.getByRole("alert")).toBeHidden();
});
