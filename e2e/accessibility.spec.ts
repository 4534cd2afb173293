import type { Page } from "@playwright/test";
import { findings } from "./support/findings.ts";
import { expect, type Lab, smallRun, test } from "./support/page.ts";

// This file takes the longest, so its tests run in parallel on all workers.
test.describe.configure({ mode: "parallel" });

const desktop = { width: 1400, height: 900 };

/** Looks for faults in light and dark mode, in the whole page or in the parts whose state has changed. */
async function accessible({ page }: Lab, state: string, parts?: string): Promise<void> {
  await test.step(state, async () => {
    // Without motion, no colour is in transition between the modes.
    await page.emulateMedia({ colorScheme: "light", reducedMotion: "reduce" });
    expect.soft(await findings(page, { parts }), `${state}, light`).toEqual([]);
    await page.emulateMedia({ colorScheme: "dark", reducedMotion: "reduce" });
    expect.soft(await findings(page, { parts, contrastOnly: true }), `${state}, dark`).toEqual([]);
  });
}

/** Opens all collapsed elements, after the last part of the page is drawn. */
async function openAll(page: Page): Promise<void> {
  await expect(page.locator("#try-it")).toBeVisible();
  await page.evaluate(() => {
    for (const closed of document.querySelectorAll<HTMLDetailsElement>("details:not([open])"))
      closed.open = true;
  });
}

test("axe finds no fault in any state of the page, light or dark", async ({ lab, expectedErrors }) => {
  test.setTimeout(300_000);
  const { page } = lab;
  await page.setViewportSize(desktop);
  await lab.open("hidden=8&batch=32&epochs=100000");
  await openAll(page);
  await expect(page.getByRole("tabpanel").locator("canvas").first()).toBeVisible();
  await accessible(lab, "with all opened");
  await lab.press("Train");
  await expect.poll(() => lab.figure("epoch")).toBeGreaterThan(0);
  await accessible(lab, "while training", ".run-bar");
  await lab.press("Pause");
  await expect(page.getByText("Paused", { exact: true })).toBeVisible();
  await accessible(lab, "paused", ".run-bar, [aria-labelledby=loss-title], .runs");

  // The weights were open already.
  for (const tab of (await page.getByRole("tab").all()).slice(1)) {
    await tab.click();
    await expect(page.getByRole("tabpanel").locator("canvas, #dead-units").first()).toBeVisible();
    await accessible(lab, `the tab ${await tab.innerText()}`, ".inside");
  }
  await page.locator("body").press("?");
  await expect(page.getByRole("dialog", { name: "Keys" })).toBeVisible();
  await accessible(lab, "the keys", ".keys-dialog");
  await page.keyboard.press("Escape");

  await lab.set("Hidden layers", "");
  await expect(page.getByLabel("Hidden layers", { exact: true })).toHaveAttribute("aria-invalid", "true");
  await accessible(lab, "a setting that cannot be used", ".setting:has([aria-invalid=true])");
  await lab.set("Hidden layers", "65536, 65536");
  await lab.press("Reset");
  const refusal = page.locator(".notice-failure", { hasText: /needs \d+ MB, but the adapter CPU/ });
  await expect(refusal).toBeVisible();
  await accessible(lab, "a refusal", ".notices");

  expectedErrors.push(/status of 404/);
  await page.route(/labels\.idx\.gz/, (route) => route.fulfill({ status: 404 }));
  await page.reload();
  await expect(page.getByRole("alert")).toContainText("could not be loaded");
  await accessible(lab, "a failure", ".run-bar, [role=alert]");
});

test("axe finds no fault on a phone", async ({ lab }) => {
  const { page } = lab;
  await page.setViewportSize({ width: 390, height: 844 });
  await page.emulateMedia({ reducedMotion: "reduce" });
  await lab.open("hidden=8&batch=32&epochs=1");
  await openAll(page);
  expect(await findings(page)).toEqual([]);
  await lab.press("Train");
  await lab.finished();
  await page.getByRole("tab", { name: "Latent space" }).click();
  await expect(page.getByRole("tabpanel").locator("canvas").first()).toBeVisible();
  expect(await findings(page, { parts: ".inside" })).toEqual([]);
  await page.locator("body").press("?");
  await expect(page.getByRole("dialog", { name: "Keys" })).toBeVisible();
  expect(await findings(page, { parts: ".keys-dialog" })).toEqual([]);
});

test("nothing has to be scrolled sideways, on a narrow screen or zoomed in", async ({ lab }) => {
  const { page } = lab;
  const narrow = [
    { what: "320 px wide", width: 320, height: 640 },
    { what: "1280 px at 200 %", width: 640, height: 450 },
    { what: "1280 px at 400 %", width: 320, height: 225 },
  ];
  const overflowing = (element: Element) => element.scrollWidth - element.clientWidth;
  const expectNone = async (state: string, part = "html") => {
    for (const { what, width, height } of narrow) {
      await page.setViewportSize({ width, height });
      await expect.poll(() => page.locator(part).evaluate(overflowing), `${state}, ${what}`).toBe(0);
    }
  };
  await page.setViewportSize({ width: 320, height: 640 });
  await lab.open("batch=404&epochs=1");
  await expectNone("opened");
  await openAll(page);
  await lab.set("Hidden layers", "110, 110, 100, 100, 32, 100, 100, 110, 110");
  await lab.ready();
  await expectNone("with nine layers");
  await lab.press("Train");
  await lab.finished();
  await expectNone("finished");
  for (const tab of await page.getByRole("tab").all()) {
    await tab.click();
    await expect(page.getByRole("tabpanel").locator("canvas, #dead-units").first()).toBeVisible();
    await expectNone(await tab.innerText());
  }
  await page.locator("body").press("?");
  await expect(page.getByRole("dialog", { name: "Keys" })).toBeVisible();
  await expectNone("the keys");
  await expectNone("the sheet of the keys", ".keys-dialog");
});

test("the Tab key reaches all controls or skips to the results, and the focus is always visible", async ({
  lab,
}) => {
  const { page } = lab;
  await page.goto(lab.address());
  await lab.ready();
  await openAll(page);
  const unseen: string[] = [];
  let stops = 0;
  for (;;) {
    await page.keyboard.press("Tab");
    const stop = await page.evaluate(() => {
      const place = document.activeElement;
      if (!place || place === document.body) return undefined;
      // A control that is drawn by its neighbour has the outline on the neighbour.
      const drawn = [place, place.nextElementSibling, place.parentElement].filter(
        (element) => element !== null,
      );
      const outlined = drawn.some((element) => {
        const { outlineStyle, outlineWidth } = getComputedStyle(element);
        return outlineStyle !== "none" && Number.parseFloat(outlineWidth) >= 2;
      });
      return { name: place.outerHTML.slice(0, 120), outlined };
    });
    if (!stop || stops > 400) break;
    stops += 1;
    if (!stop.outlined) unseen.push(stop.name);
  }
  expect(unseen).toEqual([]);
  expect(stops).toBeGreaterThan(30);
  expect(stops).toBeLessThan(400);

  // After the last control the focus moves to the first.
  await page.keyboard.press("Tab");
  await expect(page.getByRole("link", { name: "Skip to the results" })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.locator("#results")).toBeFocused();
});

test("the keys are listed by ?, closed by Escape, and can be turned off permanently", async ({ lab }) => {
  const { page } = lab;
  await lab.open(smallRun);
  const dialog = page.getByRole("dialog", { name: "Keys" });
  const button = page.getByRole("region", { name: "Run" }).getByRole("button", { name: "Keys" });
  await button.press("Enter");
  await expect(dialog).toBeVisible();
  for (const words of ["train, or pause", "do one step", "reset", "show these keys"]) {
    await expect(dialog.getByText(words, { exact: true })).toBeVisible();
  }
  await page.keyboard.press("s");
  await page.keyboard.press("Escape");
  await expect(dialog).toBeHidden();
  await expect(button).toBeFocused();
  expect(await lab.figure("step")).toBe(0);

  await page.keyboard.press("?");
  await expect(dialog).toBeVisible();
  await dialog.getByRole("checkbox", { name: "Keys that work anywhere" }).press("Space");
  await dialog.getByRole("button", { name: "Close" }).click();
  await expect(dialog).toBeHidden();
  for (const again of [false, true]) {
    if (again) {
      await page.reload();
      await lab.ready();
    }
    await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
    for (const key of ["s", "r", "?", "Space"]) await page.keyboard.press(key);
    await expect(dialog).toBeHidden();
    await expect(page.getByRole("button", { name: "Train" })).toBeVisible();
    await lab.press("Step");
    await expect(page.locator("#step")).toHaveText("1");
  }

  await button.click();
  await dialog.getByRole("checkbox", { name: "Keys that work anywhere" }).check();
  await page.keyboard.press("Escape");
  await page.locator("body").press("s");
  await expect(page.locator("#step")).toHaveText("2");
});

test("epochs are announced, and the last one immediately when the run pauses", async ({ lab }) => {
  const { page } = lab;
  await lab.open("hidden=8&batch=32&epochs=100000");
  const announcement = page.locator("#announcement");
  await expect(announcement).toBeEmpty();
  await lab.press("Train");
  await expect(announcement).toHaveText(/^Epoch \d+ of 100000: validation loss \d\.\d+\.$/);
  await lab.press("Pause");
  await expect(page.getByText("Paused", { exact: true })).toBeVisible();
  const epoch = await lab.figure("epoch");
  await expect(announcement).toContainText(`Epoch ${epoch} of 100000`);
});

test("dark mode has a different background, reduced motion stops all animations, and forced colours show what is chosen, done and switched on", async ({
  lab,
}) => {
  const { page } = lab;
  const paper = () => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
  await page.emulateMedia({ reducedMotion: "reduce", colorScheme: "dark" });
  await lab.open();
  const dark = await paper();
  await page.emulateMedia({ colorScheme: "light" });
  expect(await paper()).not.toBe(dark);

  await openAll(page);
  const moving = await page.evaluate(() =>
    [...document.querySelectorAll("*")].flatMap((element) => {
      const { transitionDuration, animationName, scrollBehavior } = getComputedStyle(element);
      const still = /^0s(, 0s)*$/.test(transitionDuration) && animationName === "none";
      return still && scrollBehavior === "auto" ? [] : [element.outerHTML.slice(0, 120)];
    }),
  );
  expect(moving).toEqual([]);

  await page.emulateMedia({ forcedColors: "active" });
  const colorOf = (selector: string) =>
    page
      .locator(selector)
      .first()
      .evaluate((element) => getComputedStyle(element).backgroundColor);
  expect(await colorOf(".bar-done")).not.toBe(await colorOf(".bar"));
  expect(await colorOf(".choice-option input:checked + span")).not.toBe(
    await colorOf(".choice-option input:not(:checked) + span"),
  );
  await page.locator("body").press("?");
  const on = await colorOf("#keys-on");
  await page.locator("#keys-on").uncheck();
  expect(await colorOf("#keys-on")).not.toBe(on);
});
