import { test } from "../support/built-page.ts";
import { findings } from "../support/findings.ts";
import { expect } from "../support/page.ts";
import { tour } from "../support/tour.ts";

tour(
  "light and dark, by keys alone, heard, still, accessible, strict and without a network",
  async (visitor, lab) => {
    const { page } = visitor;
    // As it is served, with its policy: a violation is an error in the console, which fails every test.
    const address = `./some/where/${visitor.onCpu ? "?backend=cpu" : ""}#hidden=8&batch=512&epochs=1`;
    await page.emulateMedia({ colorScheme: "light", reducedMotion: "reduce" });
    await page.goto(address);
    await lab.ready();
    await expect(page.locator('meta[http-equiv="Content-Security-Policy"]')).toHaveCount(1);
    const paper = () => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
    const light = await paper();
    expect(await findings(page)).toEqual([]);
    await page.emulateMedia({ colorScheme: "dark", reducedMotion: "reduce" });
    expect(await paper()).not.toBe(light);
    expect(await findings(page)).toEqual([]);
    const moving = await page.evaluate(
      () =>
        [...document.querySelectorAll("*")].filter((element) => {
          const { transitionDuration, animationName } = getComputedStyle(element);
          if (!element.checkVisibility()) return false;
          return animationName !== "none" || !/^0s(, 0s)*$/.test(transitionDuration);
        }).length,
    );
    expect(moving).toBe(0);

    // The keys, and where the focus is.
    await page.keyboard.press("Tab");
    const skip = page.getByRole("link", { name: "Skip to the results" });
    await expect(skip).toBeFocused();
    await expect(skip).toHaveCSS("outline-style", "solid");
    await skip.blur();
    await page.keyboard.press("?");
    const keys = page.getByRole("dialog", { name: "Keys" });
    await expect(keys).toBeVisible();
    await page.keyboard.press("Escape");
    await expect(keys).toBeHidden();
    await page.keyboard.press("s");
    await expect(page.locator("#step")).toHaveText("1");
    await page.keyboard.press("Space");
    await lab.finished();
    await expect(page.locator("#announcement")).toHaveText(/^Epoch 1 of 1: validation loss 0\.\d+\.$/);
    await page.keyboard.press("r");
    await lab.ready();
    expect(await lab.figure("epoch")).toBe(0);

    // From the second visit on, it needs no network.
    await expect
      .poll(() => page.evaluate(() => navigator.serviceWorker.controller?.state), { timeout: 60_000 })
      .toBe("activated");
    await page.context().setOffline(true);
    await page.reload();
    await lab.ready();
    await page.keyboard.press("s");
    await expect(page.locator("#step")).toHaveText("1");
  },
  test,
);
