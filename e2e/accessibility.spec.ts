import type { Page } from "@playwright/test";
import { findings } from "./support/findings.ts";
import { expect, type Lab, test } from "./support/page.ts";
import { tinyPicture } from "./support/tiny-picture.ts";

const sizes = [
  { device: "desktop", width: 1400, height: 900 },
  { device: "phone", width: 390, height: 844 },
];

async function accessible({ page }: Lab, state: string): Promise<void> {
  await test.step(state, async () => expect.soft(await findings(page), state).toEqual([]));
}

const overflow = (page: Page) =>
  page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);

/** Opens all that can be opened. */
function openAll(page: Page): Promise<void> {
  return page.evaluate(() => {
    for (const closed of document.querySelectorAll<HTMLDetailsElement>("details:not([open])"))
      closed.open = true;
  });
}

for (const { device, width, height } of sizes) {
  for (const colorScheme of ["light", "dark"] as const) {
    test(`axe finds nothing in any state of the page on a ${device}, ${colorScheme}`, async ({
      lab,
      expectedErrors,
    }, testInfo) => {
      testInfo.setTimeout(400_000);
      const { page } = lab;
      await page.setViewportSize({ width, height });
      await page.emulateMedia({ colorScheme });
      await lab.open();
      await accessible(lab, "open");
      await openAll(page);
      await accessible(lab, "with all opened");

      await lab.press("Train");
      await expect(page.locator("#epoch")).not.toHaveText("0", { timeout: 60_000 });
      await accessible(lab, "while training");
      await lab.press("Reset");
      await lab.ready();
      await lab.setQuickRun(2);
      await lab.press("Train");
      await lab.finished();
      await accessible(lab, "finished");

      for (const tab of await page.getByRole("tab").all()) {
        await tab.click();
        await expect(page.getByRole("tabpanel").locator("canvas, #dead-units").first()).toBeVisible();
        await accessible(lab, `the tab ${await tab.innerText()}`);
      }
      await page.locator("summary", { hasText: "Inside the network" }).click();

      const tryIt = page.getByRole("region", { name: "Try it", exact: true });
      await tryIt.getByRole("radio", { name: "A picture" }).check();
      await tryIt.getByLabel("Picture", { exact: true }).setInputFiles(await tinyPicture());
      await tryIt.getByRole("button", { name: "Denoise" }).click();
      await expect(tryIt.getByRole("button", { name: "Download PNG" })).toBeVisible();
      await accessible(lab, "a picture tried");

      await page.locator("body").press("?");
      await expect(page.getByRole("dialog", { name: "Keys" })).toBeVisible();
      await accessible(lab, "the keys");
      await page.keyboard.press("Escape");

      await lab.set("Hidden layers", "");
      await accessible(lab, "a setting that cannot be used");
      await lab.set("Hidden layers", "65536, 65536");
      await lab.press("Reset");
      await expect(page.getByText(/needs \d+ MB, but the adapter/)).toBeVisible();
      await accessible(lab, "a refusal");

      expectedErrors.push(/status of 404/);
      await page.route(/labels\.idx\.gz/, (route) => route.fulfill({ status: 404 }));
      await page.goto("/");
      await expect(page.getByRole("alert")).toContainText("could not be loaded");
      await accessible(lab, "a failure");
    });
  }
}

for (const { what, width, height } of [
  { what: "320 px wide", width: 320, height: 640 },
  { what: "at 200 % of 1280 px", width: 640, height: 450 },
  { what: "at 400 % of 1280 px", width: 320, height: 225 },
]) {
  test(`nothing has to be scrolled sideways ${what}`, async ({ lab }) => {
    const { page } = lab;
    await page.setViewportSize({ width, height });
    await lab.open();
    expect(await overflow(page)).toBe(0);
    await openAll(page);
    await lab.set("Hidden layers", "512, 256, 128, 64, 32, 64, 128, 256, 512");
    await lab.ready();
    expect(await overflow(page)).toBe(0);
    await lab.setQuickRun(1);
    await lab.press("Train");
    await lab.finished();
    for (const tab of await page.getByRole("tab").all()) {
      await tab.click();
      await expect(page.getByRole("tabpanel").locator("canvas, #dead-units").first()).toBeVisible();
      expect(await overflow(page), await tab.innerText()).toBe(0);
    }
    await page.locator("body").press("?");
    const dialog = page.getByRole("dialog", { name: "Keys" });
    await expect(dialog).toBeVisible();
    expect(await dialog.evaluate((sheet) => sheet.scrollWidth - sheet.clientWidth)).toBe(0);
    expect(await overflow(page)).toBe(0);
  });
}

test("the Tab key goes through the page, first past it to the results, and is always seen", async ({
  lab,
}) => {
  const { page } = lab;
  await page.goto("/");
  await lab.ready();
  await page.keyboard.press("Tab");
  await expect(page.getByRole("link", { name: "Skip to the results" })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.locator("#results")).toBeFocused();

  await page.reload();
  await lab.ready();
  await openAll(page);
  const unseen: string[] = [];
  let stops = 0;
  for (;;) {
    await page.keyboard.press("Tab");
    const stop = await page.evaluate(() => {
      const place = document.activeElement;
      if (!place || place === document.body) return undefined;
      // A control that is drawn by its neighbour has the neighbour's outline.
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
});

test("the keys are listed by ?, closed by Escape, and can be turned off for good", async ({ lab }) => {
  const { page } = lab;
  await lab.open();
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

test("the epochs are told at a pace that can be followed, and the last one at once", async ({ lab }) => {
  const { page } = lab;
  await lab.open();
  await lab.setQuickRun(900);
  await page.evaluate(() => {
    const told: { readonly text: string; readonly at: number }[] = [];
    Object.assign(globalThis, { told });
    const place = document.getElementById("announcement");
    if (!place) throw new Error("The page has no #announcement.");
    new MutationObserver(() => {
      const text = place.innerText;
      if (text !== (told.at(-1)?.text ?? "")) told.push({ text, at: performance.now() });
    }).observe(place, {
      childList: true,
      characterData: true,
      subtree: true,
    });
  });
  const told = () =>
    page.evaluate(
      () => (globalThis as unknown as { told: { readonly text: string; readonly at: number }[] }).told,
    );
  await lab.press("Train");
  await expect.poll(async () => (await told()).length, { timeout: 60_000 }).toBeGreaterThan(1);
  const whileTraining = await told();
  for (const [place, { text, at }] of whileTraining.entries()) {
    expect(text).toMatch(/^Epoch \d+ of 900: validation loss \d\.\d+\.$/);
    const before = whileTraining[place - 1];
    // Timers may come a little early by the page's clock.
    if (before) expect(at - before.at).toBeGreaterThan(9_900);
  }
  await lab.press("Pause");
  await expect(page.getByText("Paused", { exact: true })).toBeVisible();
  const epoch = await lab.figure("epoch");
  await expect(page.locator("#announcement")).toContainText(`Epoch ${epoch} of 900`);
});

test("with reduced motion nothing moves", async ({ lab }) => {
  const { page } = lab;
  await page.emulateMedia({ reducedMotion: "reduce" });
  await lab.open();
  await openAll(page);
  const moving = await page.evaluate(() =>
    [...document.querySelectorAll("*")].flatMap((element) => {
      const { transitionDuration, animationName, scrollBehavior } = getComputedStyle(element);
      const still = /^0s(, 0s)*$/.test(transitionDuration) && animationName === "none";
      return still && scrollBehavior === "auto" ? [] : [element.outerHTML.slice(0, 120)];
    }),
  );
  expect(moving).toEqual([]);
});

test("with forced colours, what is chosen, done and switched on can still be told", async ({ lab }) => {
  const { page } = lab;
  await page.emulateMedia({ forcedColors: "active" });
  await lab.open();
  const colorOf = (selector: string) =>
    page
      .locator(selector)
      .first()
      .evaluate((element) => getComputedStyle(element).backgroundColor);
  expect(await colorOf(".bar-done")).not.toBe(await colorOf(".bar"));
  expect(await colorOf(".choice-option input:checked + span")).not.toBe(
    await colorOf(".choice-option input:not(:checked) + span"),
  );
  await page.getByRole("region", { name: "Run" }).getByRole("button", { name: "Keys" }).click();
  const on = await colorOf("#keys-on");
  await page.locator("#keys-on").uncheck();
  expect(await colorOf("#keys-on")).not.toBe(on);
});
