import { readFile } from "node:fs/promises";
import type { Locator, Page } from "@playwright/test";
import sharp from "sharp";
import { encodeModel } from "../src/formats/model-file.ts";
import { initialWeights } from "../src/network/initial-weights.ts";
import { autoencoder } from "../src/spec/network.ts";
import { dropFiles, type NamedFile, pasteFiles } from "./support/file-drops.ts";
import { expect, inWorker, type Lab, smallRun, test } from "./support/page.ts";

const [columns, rows] = [40, 30];

/** A picture [rows, columns, 4] in colour, whose right half is half transparent. */
const rgba = Uint8Array.from({ length: 4 * rows * columns }, (_, at) => {
  const [y, x] = [Math.floor(at / 4 / columns), Math.floor(at / 4) % columns];
  return (
    [(5 * x + 17) % 256, (7 * y + 40) % 256, (3 * (x + y)) % 256, x < columns / 2 ? 255 : 128][at % 4] ?? 0
  );
});

async function picture(name: string): Promise<NamedFile> {
  const raw = { width: columns, height: rows, channels: 4 } as const;
  return { name, mimeType: "image/png", buffer: await sharp(rgba, { raw }).png().toBuffer() };
}

/** A network that takes nothing off: its last layer is zero, and so is the noise that it finds. */
function identity(name: string): NamedFile {
  const network = autoencoder([8, 8], [4], { output: "residual" });
  const [first, last] = initialWeights(network, 1);
  if (!first || !last) throw new Error("The network has two layers.");
  const zero = { weight: last.weight.map(() => 0), bias: last.bias.map(() => 0) };
  const bytes = encodeModel({ network, layers: [first, zero] });
  return { name, mimeType: "application/octet-stream", buffer: Buffer.from(bytes) };
}

/** "Try it", on a picture and by the run's network. */
async function tryPicture(lab: Lab): Promise<Locator> {
  const section = tryIt(lab);
  await section.getByLabel("Network").selectOption("The run's");
  await section.getByRole("radio", { name: "A picture" }).check();
  return section;
}

const tryIt = ({ page }: Lab) => page.getByRole("region", { name: "Try it", exact: true });

/** Presses Denoise and waits for the sentence on the result. */
async function denoise(section: Locator): Promise<void> {
  await section.getByRole("button", { name: "Denoise" }).click();
  await expect(section.getByRole("button", { name: "Download PNG" })).toBeVisible();
  await expect(section.getByRole("button", { name: "Denoise" })).toBeVisible();
}

/** The downloaded picture, [rows, columns, 4]. */
async function downloaded(
  page: Page,
): Promise<{ name: string; width: number; height: number; data: Buffer }> {
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: "Download PNG" }).click(),
  ]);
  const bytes = await readFile(await download.path());
  expect((await sharp(bytes).metadata()).format).toBe("png");
  const { data, info } = await sharp(bytes).ensureAlpha().raw().toBuffer({ resolveWithObject: true });
  return { name: download.suggestedFilename(), width: info.width, height: info.height, data };
}

const drawn = (canvas: Locator) => canvas.evaluate((found) => (found as HTMLCanvasElement).toDataURL());

test("a picture is denoised by the run as it is now, compared and saved", async ({ lab }) => {
  const { page } = lab;
  await lab.open(smallRun);
  const section = await tryPicture(lab);
  await expect(section).toContainText("784-8-784 on windows of 28 × 28 grey pixels, as it is now.");
  await expect(section).toContainText("It learns digits");
  await section.getByLabel("Picture", { exact: true }).setInputFiles(await picture("tiny.png"));
  await expect(section).toContainText("tiny.png, 40 × 30 pixels");
  await expect(section.getByRole("img", { name: "before" })).toBeVisible();
  await expect(section.getByRole("img", { name: "after" })).toHaveCount(0);

  await lab.press("Step");
  await expect(page.locator("#step")).toHaveText("1");
  await denoise(section);
  await expect(section).toContainText(/40 × 30 pixels in \d+.*, by the run after 1 step: 784-8-784/);
  const after = section.getByRole("img", { name: "after" });
  expect(await drawn(after)).not.toBe(await drawn(section.getByRole("img", { name: "before" })));
  const first = await downloaded(page);
  expect(first).toMatchObject({ name: "tiny-denoised.png", width: columns, height: rows });
  expect(first.data.filter((_, at) => at % 4 === 3)).toEqual(
    Buffer.from(rgba.filter((_, at) => at % 4 === 3)),
  );

  await lab.press("Step");
  await expect(page.locator("#step")).toHaveText("2");
  await denoise(section);
  await expect(section).toContainText("by the run after 2 steps");
  expect((await downloaded(page)).data).not.toEqual(first.data);

  await section.getByLabel("Added noise").fill("0.25");
  await expect(section).toContainText("factor 0.25");
  const clean = await drawn(section.getByRole("img", { name: "before" }));
  await denoise(section);
  expect(await drawn(section.getByRole("img", { name: "before" }))).not.toBe(clean);

  const slider = section.getByRole("slider", { name: /^Where after begins/ });
  const half = section.locator(".comparison-right");
  const clip = () => half.evaluate((element) => getComputedStyle(element).clipPath);
  const middle = await clip();
  await slider.focus();
  await slider.press("ArrowRight");
  await expect(slider).toHaveValue("51");
  await expect(slider).toHaveAttribute("aria-valuetext", "51 % before, 49 % after");
  await expect.poll(clip).not.toBe(middle);
  await slider.press("Home");
  await expect(slider).toHaveValue("0");

  const looks = () =>
    after.evaluate((element) => ({
      width: element.getBoundingClientRect().width,
      sampling: getComputedStyle(element).imageRendering,
    }));
  for (const [title, width, sampling] of [
    ["100 %", 40, "auto"],
    ["200 %", 80, "pixelated"],
    ["400 %", 160, "pixelated"],
  ] as const) {
    await section.getByRole("radio", { name: title }).check();
    await expect.poll(looks).toEqual({ width, sampling });
  }
});

test("a model file takes the run's place, and a file that cannot be read leaves what was there", async ({
  lab,
}) => {
  const { page } = lab;
  const whole = await picture("tiny.png");
  await lab.open(smallRun);
  const section = await tryPicture(lab);
  await section.getByLabel("Picture", { exact: true }).setInputFiles(whole);
  await section.getByLabel("Network").selectOption("A file…");
  await expect(section.getByRole("button", { name: "Denoise" })).toHaveAttribute("aria-disabled", "true");
  await section.getByLabel("Use a model file").setInputFiles(identity("nothing.safetensors"));
  await expect(section).toContainText("nothing.safetensors, 64-4-64 on windows of 8 × 8 grey pixels");
  await denoise(section);
  await expect(section).toContainText(/by nothing\.safetensors: 64-4-64/);
  const { data } = await downloaded(page);
  rgba.forEach((value, at) => {
    const opaque = at % (4 * columns) < 2 * columns;
    // Half transparent colours are kept multiplied by alpha, in half as many steps.
    const slack = opaque || at % 4 === 3 ? 0 : 1;
    if (Math.abs((data[at] ?? Number.NaN) - value) > slack)
      throw new Error(`value ${at} is ${data[at]}, not ${value}`);
  });

  // A broken one leaves the one before in use.
  const broken = { name: "broken.safetensors", mimeType: "", buffer: Buffer.from("no model at all") };
  await section.getByLabel("Use a model file").setInputFiles(broken);
  const fault = section.locator(".notice-failure");
  await expect(fault).toHaveText(/^broken\.safetensors [^.]*\.$/);
  await expect(section).toContainText("In use: nothing.safetensors");
  await section.getByLabel("Network").selectOption("The run's");
  await expect(section).toContainText("784-8-784 on windows of 28 × 28 grey pixels, as it is now.");
  await denoise(section);
  await expect(section).toContainText("by the untrained run: 784-8-784");

  for (const [name, buffer] of [
    ["broken.png", Buffer.from("no picture at all")],
    ["short.png", whole.buffer.subarray(0, 60)],
  ] as const) {
    await section.getByLabel("Picture", { exact: true }).setInputFiles({ ...whole, name, buffer });
    await expect(section.locator(".notice-failure")).toHaveText(
      `${name} cannot be read as a picture: this browser finds no whole PNG, JPEG or WebP in it.`,
    );
  }
  await expect(section).toContainText("tiny.png, 40 × 30 pixels");
  const wide = { width: 16_385, height: 1, channels: 3, background: "#fff" } as const;
  const buffer = await sharp({ create: wide }).png().toBuffer();
  await section
    .getByLabel("Picture", { exact: true })
    .setInputFiles({ name: "wide.png", mimeType: "image/png", buffer });
  await expect(section.locator(".notice-failure")).toHaveText(/^wide\.png has 16385 x 1 pixels, but/);
  await lab.press("Step");
  await expect(page.locator("#step")).toHaveText("1");
});

test("a run trains on while a dropped picture is denoised, and a pasted one is cancelled", async ({
  lab,
}) => {
  const { page } = lab;
  await lab.open("hidden=8&batch=32&epochs=100000");
  const section = await tryPicture(lab);
  await dropFiles(page, [await picture("dropped.png")]);
  await expect(section).toContainText("dropped.png, 40 × 30 pixels");

  await lab.press("Train");
  await expect.poll(() => lab.figure("epoch")).toBeGreaterThan(0);
  await denoise(section);
  await expect(section).toContainText(/by the run after .*\d+ (epoch|step)/);
  await expect(page.getByRole("button", { name: "Pause" })).toBeVisible();
  const before = await lab.figure("epoch");
  await expect.poll(() => lab.figure("epoch")).toBeGreaterThan(before);
  await lab.press("Pause");
  await expect(page.getByText("Paused")).toBeVisible();

  const large = { width: 1500, height: 1500, channels: 3, background: "#888" } as const;
  const buffer = await sharp({ create: large }).png().toBuffer();
  await pasteFiles(page, [{ name: "large.png", mimeType: "image/png", buffer }]);
  await expect(section).toContainText("large.png, 1500 × 1500 pixels");
  await section.getByRole("button", { name: "Denoise" }).click();
  await expect(section.getByRole("progressbar", { name: "Windows denoised" })).toBeVisible();
  await section.getByRole("button", { name: "Cancel" }).click();
  await expect(section.getByRole("button", { name: "Denoise" })).toBeVisible();
  await expect(section.getByRole("button", { name: "Download PNG" })).toHaveCount(0);
  await expect(section.locator(".notice-failure")).toHaveCount(0);
});

test("the networks that come with the page are fetched when they are chosen, each once", async ({
  lab,
  expectedErrors,
}) => {
  const { page } = lab;
  const fetched: string[] = [];
  page.on("request", (request) => {
    const { pathname } = new URL(request.url());
    if (pathname.startsWith("/models/")) fetched.push(pathname);
  });
  expectedErrors.push(/status of 404/);
  await page.route("**/models/photo.safetensors", (route) => route.fulfill({ status: 404 }));
  await lab.open(smallRun);
  const section = await tryPicture(lab);
  await section.getByLabel("Picture", { exact: true }).setInputFiles(await picture("tiny.png"));
  expect(fetched).not.toContain("/models/photo.safetensors");
  await test.step("one that cannot be fetched is reported, and the one before stays", async () => {
    await section.getByLabel("Network").selectOption("Photographs, trained beforehand");
    await expect(section.locator(".notice-failure")).toHaveText(
      "models/photo.safetensors could not be loaded: the server answered 404.",
    );
    await expect(section.getByLabel("Network")).toHaveValue("run");
  });

  fetched.length = 0;
  await page.route("**/models/photo.safetensors", async (route) => {
    await route.fulfill({ body: identity("photo.safetensors").buffer });
  });
  await section.getByLabel("Network").selectOption("Photographs, trained beforehand");
  await expect(section).toContainText("64-4-64 on windows of 8 × 8 grey pixels, trained for");
  await denoise(section);
  await expect(section).toContainText("by the network for photographs: 64-4-64");

  await section.getByLabel("Network").selectOption("Digits, trained beforehand");
  await expect(section).toContainText("784-64-784 on windows of 28 × 28 grey pixels, trained for");
  await denoise(section);
  await expect(section).toContainText("by the network for digits: 784-64-784");
  await section.getByLabel("Network").selectOption("Photographs, trained beforehand");
  await denoise(section);
  await expect(section).toContainText("by the network for photographs");
  expect(fetched).toEqual(["/models/photo.safetensors"]);
});

test("a network that is chosen while a picture is read costs neither", async ({ lab }) => {
  const { page } = lab;
  await inWorker(
    page,
    `const decode = globalThis.createImageBitmap;
     const allowed = new Promise((resolve) => {
       new BroadcastChannel("decoding").onmessage = resolve;
     });
     globalThis.createImageBitmap = async (...wishes) => {
       await allowed;
       return decode(...wishes);
     };`,
  );
  await lab.open(smallRun);
  const section = await tryPicture(lab);
  await section.getByLabel("Picture", { exact: true }).setInputFiles(await picture("slow.png"));
  await section.getByLabel("Network").selectOption("Digits, trained beforehand");
  await expect(section).toContainText("784-64-784 on windows of 28 × 28 grey pixels, trained for");
  await page.evaluate(() => new BroadcastChannel("decoding").postMessage("go"));
  await expect(section).toContainText("slow.png, 40 × 30 pixels");
  await denoise(section);
  await expect(section).toContainText("by the network for digits: 784-64-784");
});
