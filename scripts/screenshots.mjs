// Takes pictures of the page into docs/images, each in light and dark:
//   npm run screenshots                   all of them
//   npm run screenshots -- runs inside    those whose names begin so
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { chromium } from "@playwright/test";
import sharp from "sharp";
import { createServer } from "vite";
import { findBrowser } from "./setup/find-browser.mjs";

const folder = "docs/images";
const desktop = { width: 1400, height: 900 };
const phone = { width: 390, height: 844 };
const patience = 180_000;

/** A run that shows digits after seconds: #hidden=128&optimizer=adam. */
const quickRun = "#hidden=128&optimizer=adam&epochs=6&batch=64";

/** @typedef {import("@playwright/test").Page} Page */

/**
 * What is pictured: where, what is done before, and which part of the page is shown.
 * @type {{ name: string, size?: { width: number, height: number }, address?: string, part?: string, full?: boolean,
 *   prepare?: (page: Page) => Promise<void> }[]}
 */
const scenes = [
  { name: "opening", prepare: pretrained },
  { name: "opening-phone", size: phone, prepare: pretrained },
  { name: "settings", part: ".settings", prepare: pretrained },
  { name: "training", address: quickRun, full: true, prepare: trained },
  { name: "training-phone", size: phone, address: quickRun, prepare: trained },
  { name: "results", address: quickRun, part: ".results", prepare: trained },
  ...["Weights", "Latent space", "Decoder", "Codes"].map((tab) => ({
    name: `inside-${tab.toLowerCase().split(" ")[0]}`,
    address: quickRun,
    part: ".inside",
    prepare: async (/** @type {Page} */ page) => {
      await trained(page);
      await page.locator(".inside-summary").click();
      await page.getByRole("tab", { name: tab }).click();
      await page.waitForTimeout(6000);
    },
  })),
  { name: "draw", part: ".try-it", prepare: drawn },
  { name: "runs", address: quickRun, part: ".runs", prepare: twoRuns },
  { name: "own-images", part: ".settings", prepare: offered },
  { name: "cpu", address: "?backend=cpu", prepare: ready },
  { name: "keys", prepare: keys },
];

const wanted = process.argv.slice(2);
const chosen = scenes.filter(
  ({ name }) => wanted.length === 0 || wanted.some((word) => name.startsWith(word)),
);
const server = await createServer({ server: { host: "127.0.0.1", port: 0 }, logLevel: "error" });
await server.listen();
const [address] = server.resolvedUrls?.local ?? [];
const installed = findBrowser();
const browser = await chromium.launch({
  ...(installed === undefined ? {} : { executablePath: installed }),
  args: ["--no-sandbox", "--enable-unsafe-webgpu", "--use-webgpu-adapter=swiftshader"],
});
try {
  await mkdir(folder, { recursive: true });
  for (const scene of chosen) {
    for (const colorScheme of /** @type {const} */ (["light", "dark"])) await take(scene, colorScheme);
  }
} finally {
  await browser.close();
  await server.close();
}

/**
 * @param {(typeof scenes)[number]} scene
 * @param {"light" | "dark"} colorScheme
 */
async function take(scene, colorScheme) {
  const context = await browser.newContext({
    viewport: scene.size ?? desktop,
    deviceScaleFactor: scene.size === phone ? 2 : 1,
    colorScheme,
    reducedMotion: "reduce",
  });
  const page = await context.newPage();
  page.setDefaultTimeout(patience);
  await page.goto(`${address}${scene.address ?? ""}`);
  await scene.prepare?.(page);
  const bytes = scene.part
    ? await page.locator(scene.part).first().screenshot()
    : await page.screenshot({ fullPage: scene.full ?? false });
  const file = join(folder, `${scene.name}-${colorScheme}.webp`);
  await sharp(bytes).webp({ quality: 82 }).toFile(file);
  console.log(file);
  await context.close();
}

/** @param {Page} page */
async function ready(page) {
  await page.getByText("Ready: press Train.").waitFor();
}

/** @param {Page} page */
async function pretrained(page) {
  await ready(page);
  await page.waitForTimeout(4000);
}

/** @param {Page} page */
async function trained(page) {
  await ready(page);
  await page.getByRole("button", { name: "Train", exact: true }).click();
  await page.getByText("Finished: Train starts a new run.").waitFor();
  // The filters are tuned one after the other.
  await page.waitForTimeout(20_000);
}

/** @param {Page} page */
async function drawn(page) {
  await pretrained(page);
  const pad = page.locator(".pad");
  await pad.scrollIntoViewIfNeeded();
  const box = await pad.boundingBox();
  if (!box) throw new Error("The drawing pad is not on the page.");
  const seven = [
    [0.28, 0.25],
    [0.72, 0.25],
    [0.6, 0.48],
    [0.45, 0.8],
  ];
  for (const [index, [x = 0, y = 0]] of seven.entries()) {
    await page.mouse.move(box.x + x * box.width, box.y + y * box.height, { steps: 12 });
    if (index === 0) await page.mouse.down();
  }
  await page.mouse.up();
  await page.waitForTimeout(3000);
}

/** @param {Page} page */
async function twoRuns(page) {
  await trained(page);
  await page.getByLabel("Seed", { exact: true }).fill("1");
  await page.getByLabel("Hidden layers", { exact: true }).fill("32");
  await page.getByRole("button", { name: "Reset", exact: true }).click();
  await trained(page);
}

/** @param {Page} page */
async function offered(page) {
  await ready(page);
  const response = await page.request.get(`${address}digits/images.idx.gz`);
  await page
    .locator('input[type="file"][multiple]')
    .first()
    .setInputFiles({ name: "digits.idx.gz", mimeType: "application/gzip", buffer: await response.body() });
  await page.waitForTimeout(4000);
}

/** @param {Page} page */
async function keys(page) {
  await pretrained(page);
  await page.keyboard.press("?");
}
