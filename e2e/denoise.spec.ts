import { readFile } from "node:fs/promises";
import type { Page } from "@playwright/test";
import sharp from "sharp";
import { rowsOf } from "../src/data/picture.ts";
import { fromBytes } from "../src/data/pixel-bytes.ts";
import { estimatedStrength } from "../src/filters/estimated-strength.ts";
import { parseModel } from "../src/formats/model-file.ts";
import { onImages, reachOfNetwork } from "../src/network/tiles.ts";
import { forwardPass } from "../src/reference/forward-pass.ts";
import { referenceLayers } from "../src/reference/layers.ts";
import {
  choosePictures,
  columns,
  downloaded,
  finished,
  identity,
  noisyPicture,
  openDenoise,
  picture,
  plainPicture,
  rgba,
  rows,
  slider,
  statusOf,
} from "./support/denoised-pictures.ts";
import { dropFiles, type NamedFile } from "./support/file-drops.ts";
import { expect, smallRun, test } from "./support/page.ts";
import { drawnOne } from "./support/parts.ts";

const settings = (page: Page) => page.getByRole("region", { name: "Settings", exact: true });
const image = (page: Page, name: "before" | "after") => page.getByRole("img", { name, exact: true });

test("a dropped picture is denoised at once, in tiles, as the whole picture at once would be", async ({
  lab,
}) => {
  const { page } = lab;
  await openDenoise(lab);
  const file = await noisyPicture("grainy.png", 640, 450);
  await dropFiles(page, [file]);
  await expect(page.getByRole("heading", { name: "grainy.png" })).toBeVisible();
  await finished(page);
  const facts = page.locator(".shown-facts");
  await expect(facts).toHaveText(
    /^640 × 450 pixels, noise: 0\.\d{3}, 2\d of 255, by the network for photographs \(conv:16x3\)\.$/,
  );
  const strength = /noise: (0\.\d+)/.exec(await facts.innerText())?.[1];
  expect(Math.abs(Number(strength) - 0.1)).toBeLessThan(0.01);

  const found = await downloaded(page);
  expect(found).toMatchObject({ name: "grainy-denoised.png", width: 640, height: 450 });
  const expected = await partInFloat64(file);
  let worst = 0;
  for (let row = reach; row < side - reach; row++) {
    for (let column = reach; column < side - reach; column++) {
      const value = found.data[4 * ((top + row) * 640 + left + column)] ?? Number.NaN;
      worst = Math.max(worst, Math.abs(value - (expected[row * side + column] ?? Number.NaN)));
    }
  }
  // Rounding may differ where a value is between two bytes.
  expect(worst).toBeLessThanOrEqual(1);
  expect(await drawnOne(image(page, "after"))).not.toBe(await drawnOne(image(page, "before")));
});

/** The part of the picture in which tiles meet: a square from this row and column on, which the network's blocks divide. */
const [top, left, side] = [144, 240, 160];

/** The pixels at the part's edges that depend on pixels outside of it. */
const reach = 8;

/** The bytes of that part of a grey picture that the small network for photographs denoised in float64, without its edges. */
async function partInFloat64({ buffer }: NamedFile): Promise<number[]> {
  const { data, info } = await sharp(buffer).toColourspace("b-w").raw().toBuffer({ resolveWithObject: true });
  const file = await readFile(new URL("fixtures/photo.safetensors", import.meta.url));
  const { network, layers } = parseModel(new Uint8Array(file), "photo");
  const values = fromBytes(new Uint8Array(data));
  const strength = await estimatedStrength(
    rowsOf({ rows: info.height, columns: info.width, channels: 1, values }),
  );
  const part = Float64Array.from({ length: side * side }, (_, at) => {
    const [row, column] = [top + Math.floor(at / side), left + (at % side)];
    return values[row * info.width + column] ?? Number.NaN;
  });
  const placed = onImages(network, [side, side]);
  expect(reachOfNetwork(network).reach).toBe(reach);
  const denoised = forwardPass(placed, referenceLayers(placed, layers), part, { strengths: [strength] });
  return Array.from(denoised, (value) => Math.round(255 * Math.min(1, Math.max(0, value))));
}

test("settings denoise the picture again, the result is compared by keys at any zoom, and mixed as it is saved", async ({
  lab,
}) => {
  const { page } = lab;
  await openDenoise(lab);
  await choosePictures(page, [await noisyPicture("one.png", 90, 60)]);
  await finished(page);
  const before = await downloaded(page);

  await test.step("the strength is told to the network", async () => {
    const strength = settings(page).getByLabel("Strength");
    await expect(settings(page)).toContainText(/× 1\.00: 0\.\d{3}, 2\d of 255/);
    const shown = await drawnOne(image(page, "after"));
    await strength.focus();
    await strength.press("End");
    await expect(settings(page)).toContainText(/× 4\.00: 0\.\d{3}, (?:[89]|1[01])\d of 255/);
    await expect.poll(() => drawnOne(image(page, "after"))).not.toBe(shown);
    await finished(page);
    expect((await downloaded(page)).data).not.toEqual(before.data);
  });
  await test.step("the blend is what is saved, without denoising again", async () => {
    const full = await downloaded(page);
    await settings(page).getByLabel("Blend").fill("0.5");
    await expect(settings(page)).toContainText("50 %");
    expect(
      await image(page, "after").evaluate(
        (element) => getComputedStyle(element.parentElement ?? element).opacity,
      ),
    ).toBe("0.5");
    const half = await downloaded(page);
    await settings(page).getByLabel("Blend").fill("0");
    const none = await downloaded(page);
    const wrong = half.data.filter(
      (value, at) => Math.abs(value - ((full.data[at] ?? 0) + (none.data[at] ?? 0)) / 2) > 1,
    );
    expect(wrong).toHaveLength(0);
    expect(none.data).not.toEqual(full.data);
    await settings(page).getByLabel("Blend").fill("1");
  });
  await test.step("noise is added to the picture before", async () => {
    const clean = await drawnOne(image(page, "before"));
    await settings(page).getByText("Add noise to a clean picture").click();
    await settings(page).getByLabel("Added noise").fill("0.2");
    await expect.poll(() => drawnOne(image(page, "before"))).not.toBe(clean);
    await finished(page);
    await expect(page.locator(".shown-facts")).toContainText("with what was added");
  });
  await test.step("a slider compares", () => compare(page));
});

async function compare(page: Page): Promise<void> {
  const half = page.locator(".comparison-right");
  const clip = () => half.evaluate((element) => getComputedStyle(element).clipPath);
  const middle = await clip();
  await slider(page).focus();
  await slider(page).press("ArrowRight");
  await expect(slider(page)).toHaveValue("51");
  await expect(slider(page)).toHaveAttribute("aria-valuetext", "51 % before, 49 % after");
  await expect.poll(clip).not.toBe(middle);
  await slider(page).press("Home");
  await expect(slider(page)).toHaveValue("0");
  const looks = () =>
    image(page, "after").evaluate((element) => ({
      width: element.getBoundingClientRect().width,
      sampling: getComputedStyle(element).imageRendering,
    }));
  for (const [title, width, sampling] of [
    ["100 %", 90, "auto"],
    ["200 %", 180, "pixelated"],
    ["400 %", 360, "pixelated"],
  ] as const) {
    await page.getByRole("radio", { name: title }).check();
    await expect.poll(looks).toEqual({ width, sampling });
  }
}

test("a picture without noise is left as it is, and files that cannot be used say why", async ({ lab }) => {
  const { page } = lab;
  await openDenoise(lab);
  await choosePictures(page, [await plainPicture("plain.png", 60, 40)]);
  await expect(statusOf(page)).toHaveText("No noise was found, so the picture is left as it is.");
  const { data } = await downloaded(page);
  expect(data.filter((value, at) => value !== (at % 4 === 3 ? 255 : 0x88))).toHaveLength(0);

  const whole = await picture("tiny.png");
  for (const [name, buffer] of [
    ["broken.png", Buffer.from("no picture at all")],
    ["short.png", whole.buffer.subarray(0, 60)],
  ] as const) {
    await choosePictures(page, [{ ...whole, name, buffer }]);
    await expect(statusOf(page)).toHaveText(
      `${name} cannot be read as a picture: this browser finds no complete PNG, JPEG or WebP in it.`,
    );
  }
  const heic = Buffer.from("\0\0\0\x18ftypheic\0\0\0\0", "latin1");
  await choosePictures(page, [{ name: "phone.jpg", mimeType: "image/jpeg", buffer: heic }]);
  await expect(statusOf(page)).toHaveText(
    "phone.jpg is in the format HEIC, which this browser does not read: convert it to PNG or JPEG.",
  );
  await choosePictures(page, [await plainPicture("wide.png", 16_385, 1)]);
  await expect(statusOf(page)).toHaveText(/^wide\.png has 16385 x 1 pixels, but/);
  // The first one is still there.
  await page.getByRole("button", { name: /^plain\.png/ }).click();
  await expect(image(page, "after")).toBeVisible();
});

test("a model file, dropped or chosen, and the page's run replace the network, and transparency is kept", async ({
  lab,
  expectedErrors,
}) => {
  const { page } = lab;
  await openDenoise(lab);
  await test.step("a network that changes nothing gives back the picture", async () => {
    await dropFiles(page, [identity("nothing.safetensors")]);
    await dropFiles(page, [await picture("tiny.png")]);
    await finished(page);
    await expect(page.locator(".shown-facts")).toHaveText(/by nothing\.safetensors \(64-4-64\)\.$/);
    await expect(settings(page)).toContainText("In use: nothing.safetensors, 64-4-64");
    await expect(settings(page).getByLabel("Strength")).toBeDisabled();
    const { data } = await downloaded(page);
    rgba.forEach((value, at) => {
      const opaque = at % (4 * columns) < 2 * columns;
      // Half transparent colours are stored multiplied by alpha, so they have half as many levels.
      const slack = opaque || at % 4 === 3 ? 0 : 1;
      if (Math.abs((data[at] ?? Number.NaN) - value) > slack)
        throw new Error(`value ${at} is ${data[at]}, not ${value}`);
    });
    expect(data).toHaveLength(4 * rows * columns);
  });
  await test.step("one that cannot be read changes nothing", async () => {
    const broken = { name: "broken.safetensors", mimeType: "", buffer: Buffer.from("no model at all") };
    await settings(page).getByLabel("Use a model file").setInputFiles(broken);
    await expect(page.locator(".denoise .notice-failure")).toHaveText(/^broken\.safetensors [^.]*\.$/);
    await expect(settings(page)).toContainText("In use: nothing.safetensors");
  });
  await test.step("a network of the page that cannot be loaded is reported, and loaded when it can be", async () => {
    expectedErrors.push(/status of 404/);
    await page.route("**/models/digits.safetensors", (route) => route.fulfill({ status: 404 }), { times: 1 });
    await settings(page).getByLabel("Network").selectOption("Digits");
    await expect(statusOf(page)).toHaveText(
      "models/digits.safetensors could not be loaded: the server answered 404.",
    );
    await page.getByRole("button", { name: "Retry", exact: true }).click();
    await finished(page);
    await expect(page.locator(".shown-facts")).toContainText("by the network for digits (784-64-784)");
  });
  await test.step("the run is used as it is, once it has learned something", async () => {
    const network = settings(page).getByLabel("Network");
    await expect(network.getByRole("option", { name: "This page's run" })).toHaveCount(0);
    await page.getByRole("link", { name: "Train" }).click();
    await lab.ready();
    await lab.press("Step");
    await expect(page.locator("#step")).toHaveText("1");
    await page.getByRole("link", { name: "Denoise" }).first().click();
    await network.selectOption("This page's run");
    await finished(page);
    await expect(page.locator(".shown-facts")).toContainText("by the run after 1 step (784-");
  });
});

test("a kept run denoises pictures", async ({ lab }) => {
  const { page } = lab;
  await lab.open(smallRun);
  await lab.press("Train");
  await lab.finished();
  await lab.press("Reset");
  await lab.ready();
  await page.getByRole("link", { name: "Denoise" }).first().click();
  await choosePictures(page, [await noisyPicture("grainy.png", 60, 50)]);
  await finished(page);
  const network = settings(page).getByLabel("Network");
  const title = await network.getByRole("option", { name: /^Kept run: / }).innerText();
  await network.selectOption(title);
  await expect(page.locator(".shown-facts")).toContainText(
    `by ${title.slice("Kept run: ".length)} (784-8-784)`,
  );
});
