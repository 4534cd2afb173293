import { prepareHiding, screenLocks, setHidden } from "../support/hidden-tab.ts";
import { expect } from "../support/page.ts";
import { phone, quickRun, tour } from "../support/tour.ts";

tour(
  "training goes on in a hidden tab, and what is saved is left without a question",
  [phone],
  async (visitor) => {
    const { page } = visitor;
    const asked: string[] = [];
    page.on("dialog", (dialog) => {
      asked.push(dialog.type());
      void dialog.accept();
    });
    await prepareHiding(page);
    await visitor.openWithShapes(quickRun.replace("epochs=6", "epochs=100000"));
    // Read without waiting for a frame, of which a hidden page has none.
    const epoch = () =>
      page.evaluate(() => Number(document.getElementById("epoch")?.textContent?.replaceAll(",", "")));
    expect(await screenLocks(page)).toEqual({ taken: 0, released: 0 });
    await visitor.press(visitor.button("Train"));
    await expect.poll(epoch).toBeGreaterThan(0);
    await expect.poll(() => screenLocks(page)).toEqual({ taken: 1, released: 0 });

    await setHidden(page, true);
    expect(await screenLocks(page)).toEqual({ taken: 1, released: 1 });
    const before = await epoch();
    await expect.poll(epoch).toBeGreaterThan(before + 1);
    await setHidden(page, false);
    await expect.poll(() => screenLocks(page)).toEqual({ taken: 2, released: 1 });
    await visitor.press(visitor.button("Pause"));
    await expect(page.getByText("Paused")).toBeVisible();
    await expect.poll(() => screenLocks(page)).toEqual({ taken: 2, released: 2 });
    const paused = await epoch();
    await setHidden(page, true);
    await setHidden(page, false);
    expect(await screenLocks(page)).toEqual({ taken: 2, released: 2 });

    await visitor.press(visitor.button("Train"));
    await expect.poll(epoch).toBeGreaterThan(paused);
    expect(asked).toEqual([]);
    // What is saved can be continued.
    await expect(page.getByText(/^Saved: epoch/)).toBeVisible();
    await page.reload();
    await visitor.lab.ready();
    expect(asked).toEqual([]);
    // A run that only stands there is nothing to lose; browsers ask only those who have touched the page.
    await visitor.press(visitor.button("Step"));
    await expect(page.locator("#step")).toHaveText("1");
    await page.reload();
    await visitor.lab.ready();
    expect(asked).toEqual([]);
  },
);
