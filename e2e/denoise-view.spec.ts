import type { Page } from "@playwright/test";
import { choosePictures, finished, noisyPicture, openDenoise, queueOf } from "./support/denoised-pictures.ts";
import { dropFiles, pasteFiles } from "./support/file-drops.ts";
import { findings } from "./support/findings.ts";
import { watchShifts } from "./support/layout-shift.ts";
import {
  expect,
  exposeThreads,
  inWorker,
  loseThread,
  stopWorker,
  test,
  trainingWorker,
} from "./support/page.ts";
import { expectNoOverflow, phone } from "./support/phone.ts";

const link = (page: Page, name: string) =>
  page.getByRole("navigation", { name: "Views" }).getByRole("link", { name });
const hash = (page: Page) => new URL(page.url()).hash;
const beginning = (page: Page) => page.getByRole("button", { name: "Try an example" });

test("the views have addresses, which keep the settings, and the browser's history leads back and forward", async ({
  lab,
}) => {
  const { page } = lab;
  await lab.open("hidden=8&batch=32&epochs=100000");
  await expect(page).toHaveTitle("unsnow");
  await expect(link(page, "Train")).toHaveAttribute("aria-current", "page");
  await lab.press("Train");
  await expect.poll(() => lab.figure("epoch")).toBeGreaterThan(0);

  await test.step("the training goes on while another view is shown", async () => {
    await link(page, "Denoise").click();
    await expect(beginning(page)).toBeVisible();
    await expect(page).toHaveTitle("Denoise pictures – unsnow");
    await expect(link(page, "Denoise")).toHaveAttribute("aria-current", "page");
    await expect(link(page, "Train (running)")).not.toHaveAttribute("aria-current");
    await expect.poll(() => hash(page)).toBe("#denoise&hidden=8&epochs=100000&batch=32");
    await expect(page.getByRole("button", { name: "Pause" })).toBeHidden();
    // The keys of the training do nothing here.
    await page.locator("body").press("Space");
    const epoch = () => page.evaluate(() => document.getElementById("epoch")?.textContent);
    const before = await epoch();
    await expect.poll(epoch).not.toBe(before);
    await choosePictures(page, [await noisyPicture("meanwhile.png", 60, 50)]);
    await finished(page);
  });
  await test.step("back and forward", async () => {
    await page.goBack();
    await expect(page.getByRole("button", { name: "Pause" })).toBeVisible();
    await expect(page).toHaveTitle("unsnow");
    expect(hash(page)).toBe("#hidden=8&batch=32&epochs=100000");
    await page.goForward();
    await expect(page.getByRole("heading", { name: "meanwhile.png" })).toBeVisible();
  });
  await test.step("a link to a view alone keeps the settings", async () => {
    await link(page, "Train").click();
    await expect(page.getByLabel("Hidden layers", { exact: true })).toHaveValue("8");
    await expect.poll(() => hash(page)).toBe("#hidden=8&epochs=100000&batch=32");
    await lab.press("Pause");
    await expect(page.getByText("Paused", { exact: true })).toBeVisible();
  });
  await test.step("a shared link opens a view with settings", async () => {
    await page.goto(lab.address("train&hidden=16&batch=32"));
    await expect(page.getByLabel("Hidden layers", { exact: true })).toHaveValue("16");
    await page.goto("about:blank");
    await page.goto(lab.address("denoise&hidden=12"));
    await expect(beginning(page)).toBeVisible();
    await link(page, "Train").click();
    await lab.ready();
    await expect(page.getByLabel("Hidden layers", { exact: true })).toHaveValue("12");
    await expect(page.getByText(/^The address has/)).toHaveCount(0);
  });
});

test("opened to denoise, the page fetches no digits, prepares its network, and trains when it is asked to", async ({
  lab,
}) => {
  const { page } = lab;
  const fetched: string[] = [];
  page.on("request", (request) => fetched.push(new URL(request.url()).pathname));
  await watchShifts(page);
  await openDenoise(lab);
  await expect.poll(() => fetched).toContain("/models/photo.safetensors");
  await choosePictures(page, [await noisyPicture("first.png", 60, 50)]);
  await finished(page);
  // Nothing moves by itself, neither when the page opens nor when the picture is done.
  expect(
    await page.evaluate(() => (globalThis as unknown as { shifts: { sum: number } }).shifts.sum),
  ).toBeLessThan(0.02);
  expect(fetched.filter((path) => path.startsWith("/digits/"))).toEqual([]);
  const models = fetched.filter((path) => path.startsWith("/models/"));
  expect(models.filter((path) => !path.startsWith("/models/photo"))).toEqual([]);
  expect(models).toHaveLength(new Set(models).size);
  await link(page, "Train").click();
  await lab.ready();
  await lab.press("Step");
  await expect(page.locator("#step")).toHaveText("1");
});

for (const engine of ["cpu", "gpu"] as const) {
  test.describe(`before a picture is dropped, on the ${engine}`, () => {
    test.use({ engine });

    test("what denoises it is loaded, compiled and started", async ({ lab }) => {
      const { page } = lab;
      await inWorker(
        page,
        `globalThis.made = { threads: 0, pipelines: 0 };
         globalThis.Worker = class extends Worker {
           constructor(...args) {
             super(...args);
             globalThis.made.threads++;
           }
         };
         const compile = GPUDevice.prototype.createComputePipelineAsync;
         GPUDevice.prototype.createComputePipelineAsync = function (...wishes) {
           globalThis.made.pipelines++;
           return compile.apply(this, wishes);
         };`,
      );
      const fetched: string[] = [];
      page.on("request", (request) => fetched.push(new URL(request.url()).pathname));
      await openDenoise(lab);
      // Fetched when the network for pictures in colour has denoised one.
      await expect.poll(() => fetched).toContain("/models/photo.safetensors");
      const made = async () => (await trainingWorker(page)).evaluate("globalThis.made") as Promise<object>;
      const prepared = await made();
      expect(prepared).not.toEqual({ threads: 0, pipelines: 0 });
      const requests = fetched.length;
      await dropFiles(page, [await noisyPicture("first.png", 60, 50)]);
      await finished(page);
      expect(await made()).toEqual(prepared);
      expect(fetched.slice(requests).filter((path) => /\.(js|wasm|safetensors)$/.test(path))).toEqual([]);
    });
  });
}

test("pictures that are pasted or dropped begin at once, in either view", async ({ lab }) => {
  const { page } = lab;
  await lab.open("hidden=8&batch=32&epochs=2");
  await test.step("one dropped while training is shown opens the other view", async () => {
    await dropFiles(page, [await noisyPicture("dropped.png", 60, 50)]);
    await expect(page.getByRole("heading", { name: "dropped.png" })).toBeVisible();
    await finished(page);
    expect(hash(page)).toMatch(/^#denoise&/);
  });
  await test.step("so does one that is pasted", async () => {
    await link(page, "Train").click();
    await expect(beginning(page)).toBeHidden();
    await pasteFiles(page, [await noisyPicture("pasted.png", 60, 50)]);
    await expect(page.getByRole("heading", { name: "pasted.png" })).toBeVisible();
    await finished(page);
    await expect(queueOf(page)).toHaveCount(2);
  });
  await test.step("several are images to train on in that view, and denoised in this one", async () => {
    const several = await Promise.all(["x", "y"].map((name) => noisyPicture(`${name}.png`, 60, 50)));
    await dropFiles(page, several);
    await expect(page.getByText("4 of 4 done")).toBeVisible();
    await link(page, "Train").click();
    await dropFiles(page, [...several, await noisyPicture("z.png", 60, 50)]);
    await expect(page.locator(".offer")).toContainText("x.png and 2 more");
    expect(hash(page)).not.toMatch(/denoise/);
  });
});

test("a lost thread is replaced, and after the Worker stopped the page goes on with another one", async ({
  lab,
}) => {
  const { page } = lab;
  await exposeThreads(page);
  await page.goto(`/?backend=cpu&threads=2#denoise`);
  await expect(beginning(page)).toBeVisible();
  await choosePictures(page, [await noisyPicture("one.png", 60, 50)]);
  await finished(page);
  await loseThread(page);
  await choosePictures(page, [await noisyPicture("two.png", 60, 50)]);
  await expect(page.getByRole("heading", { name: "two.png" })).toBeVisible();
  await finished(page);
  await stopWorker(page);
  await page.getByRole("button", { name: "Start again" }).click();
  await choosePictures(page, [await noisyPicture("three.png", 60, 50)]);
  await expect(page.getByRole("heading", { name: "three.png" })).toBeVisible();
  await finished(page);
});

test("axe finds no fault while pictures are denoised, light or dark, and the controls are labelled", async ({
  lab,
}) => {
  const { page } = lab;
  const accessible = (state: string) =>
    test.step(state, async () => {
      for (const colorScheme of ["light", "dark"] as const) {
        await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
        expect.soft(await findings(page), `${state}, ${colorScheme}`).toEqual([]);
      }
    });
  await openDenoise(lab);
  await accessible("empty");
  await beginning(page).click();
  await finished(page);
  await page.getByText("Add noise to a clean picture").click();
  const broken = { name: "broken.png", mimeType: "image/png", buffer: Buffer.from("no picture") };
  await choosePictures(page, [broken]);
  await expect(queueOf(page).nth(1)).toContainText("cannot be read");
  await accessible("a picture that failed");
  await page.getByRole("button", { name: /^example\.png/ }).click();
  await expect(page.getByRole("img", { name: "after", exact: true })).toBeVisible();
  await accessible("a picture that is done");
  await page.getByRole("link", { name: "Skip to the pictures" }).press("Enter");
  await expect(page.locator("#pictures")).toBeFocused();
  expect(hash(page)).toBe("#denoise");
});

test.describe("on a phone", () => {
  test.use(phone);

  test("pictures are denoised by touch, and nothing has to be scrolled sideways", async ({ lab }) => {
    const { page } = lab;
    await openDenoise(lab);
    await expectNoOverflow(page);
    await beginning(page).tap();
    await finished(page);
    await expectNoOverflow(page);
    await choosePictures(page, [
      await noisyPicture("a name that is much too long to fit on a phone.png", 640, 50),
    ]);
    await finished(page);
    await page.getByRole("radio", { name: "200 %" }).tap();
    await expectNoOverflow(page);
    expect(await findings(page)).toEqual([]);
    // The picture itself scrolls.
    const scrolls = page.getByRole("region", { name: "Before and after" });
    expect(await scrolls.evaluate((element) => element.scrollWidth > element.clientWidth)).toBe(true);
    await page.setViewportSize({ width: 320, height: 640 });
    await expectNoOverflow(page);
  });
});
