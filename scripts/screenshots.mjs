// Takes screenshots of the page for docs/images, each in light and dark:
//   npm run screenshots                   all of them
//   npm run screenshots -- runs inside    those whose names start with these words
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

/** A run that shows digits within seconds. */
const quickRun = "#hidden=128&optimizer=adam&epochs=6&batch=64";

/** @typedef {import("@playwright/test").Page} Page */

/**
 * A screenshot: the preparation, and the region: a part of the page, the full page, or the window.
 * @typedef {{ name: string, part?: string, full?: boolean, prepare?: (page: Page) => Promise<void> }} Shot
 */

/**
 * A visit to the page, with the screenshots taken on it in order. It is skipped if none of them is requested.
 * Otherwise, the preparations of earlier screenshots are still done.
 * @type {{ size: { width: number, height: number }, address: string, shots: Shot[] }[]}
 */
const visits = [
  {
    size: desktop,
    address: "",
    shots: [
      { name: "opening", prepare: pretrained },
      { name: "network", part: "details:has(.network-picture)", prepare: chooseDeep },
      { name: "draw", part: ".try-it", prepare: draw },
      { name: "keys", prepare: showKeys },
    ],
  },
  { size: desktop, address: "#denoise", shots: [{ name: "picture", prepare: denoisePictures }] },
  { size: phone, address: "#denoise", shots: [{ name: "picture-phone", prepare: denoisePictures }] },
  {
    size: phone,
    address: "",
    shots: [
      { name: "opening-phone", prepare: pretrained },
      { name: "draw-phone", part: ".try-it", prepare: draw },
    ],
  },
  {
    size: desktop,
    address: quickRun,
    shots: [
      { name: "training", full: true, prepare: train },
      { name: "results", part: "section:has(#quality-title)" },
      ...["Weights", "Latent space", "Decoder", "Codes"].map((tab) => ({
        name: `inside-${tab.toLowerCase().split(" ")[0]}`,
        part: ".inside",
        prepare: (/** @type {Page} */ page) => lookInside(page, tab),
      })),
      { name: "runs", part: ".runs", prepare: trainAnother },
    ],
  },
  {
    size: phone,
    address: quickRun,
    shots: [{ name: "loss-phone", part: "section:has(#loss-title)", prepare: train }],
  },
  { size: desktop, address: "", shots: [{ name: "own-images", part: ".offer", prepare: offerPictures }] },
  { size: desktop, address: "?backend=cpu", shots: [{ name: "cpu", prepare: askForGpu }] },
];

const wanted = process.argv.slice(2);
/** @param {Shot} shot */
const isWanted = ({ name }) => wanted.length === 0 || wanted.some((word) => name.startsWith(word));
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
  for (const visit of visits) await make(visit);
} finally {
  await browser.close();
  await server.close();
}

/** @param {(typeof visits)[number]} visit */
async function make({ size, address: query, shots }) {
  const latest = shots.findLastIndex(isWanted);
  if (latest < 0) return;
  const context = await browser.newContext({
    viewport: size,
    deviceScaleFactor: size === phone ? 2 : 1,
    reducedMotion: "reduce",
  });
  const page = await context.newPage();
  page.setDefaultTimeout(patience);
  await page.goto(`${address}${query}`);
  for (const shot of shots.slice(0, latest + 1)) {
    await shot.prepare?.(page);
    if (!isWanted(shot)) continue;
    for (const colorScheme of /** @type {const} */ (["light", "dark"])) await take(page, shot, colorScheme);
  }
  await context.close();
}

/**
 * @param {Page} page
 * @param {Shot} shot
 * @param {"light" | "dark"} colorScheme
 */
async function take(page, { name, part, full = false }, colorScheme) {
  await page.emulateMedia({ colorScheme });
  await page.mouse.move(0, 0);
  await page.waitForTimeout(1500);
  // The sticky bar at the top of the window would cover a part that is taller than the window.
  const bytes = part
    ? await page.locator(part).first().screenshot({ style: ".run-bar { position: static; }" })
    : await page.screenshot({ fullPage: full });
  const file = join(folder, `${name}-${colorScheme}.webp`);
  await sharp(bytes).webp({ quality: 80, effort: 6 }).toFile(file);
  console.log(file);
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
async function train(page) {
  await ready(page);
  await page.getByRole("button", { name: "Train", exact: true }).click();
  await page.getByText("Finished: Train starts a new run.").waitFor();
  await page.getByText("Every classical filter is at its best strength").waitFor();
  await page.waitForTimeout(1000);
}

/** @param {Page} page */
async function chooseDeep(page) {
  await page.getByRole("button", { name: "Deep", exact: true }).click();
  await ready(page);
}

/** @param {Page} page */
async function draw(page) {
  const pad = page.locator(".pad");
  await pad.evaluate((element) => element.scrollIntoView({ block: "center" }));
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
  await page.locator('[aria-label="Drawing, non-local means"] canvas').waitFor();
}

/** @param {Page} page */
async function denoisePictures(page) {
  const names = ["hills.png", "valley.png", "evening.png"];
  const files = await Promise.all(names.map((name, place) => hills(name, place, 480, 320)));
  await page.locator("#pictures-first").setInputFiles(files);
  await page.getByText("3 of 3 done").waitFor();
  const details = page.locator(".added-noise");
  await details.locator("summary").click();
  await page.getByLabel("Added noise").fill("0.1");
  await page.getByText(/with what was added/).waitFor();
  await details.locator("summary").click();
}

/**
 * @param {Page} page
 * @param {string} tab
 */
async function lookInside(page, tab) {
  const inside = page.locator(".inside");
  if ((await inside.getByRole("tab").count()) === 0) await page.locator(".inside-summary").click();
  await inside.getByRole("tab", { name: tab }).click();
  await inside.getByRole("tabpanel").locator("canvas, #dead-units").first().waitFor();
  if (tab === "Latent space") {
    const plot = inside.locator(".latent-plot");
    const { width = 0, height = 0 } = (await plot.boundingBox()) ?? {};
    await plot.click({ position: { x: width / 2, y: height / 2 } });
  }
  await page.waitForTimeout(2000);
}

/** @param {Page} page */
async function trainAnother(page) {
  await page.getByLabel("Seed", { exact: true }).fill("1");
  await page.getByLabel("Hidden layers", { exact: true }).fill("32");
  await page.getByLabel("Epochs", { exact: true }).fill("4");
  await page.getByRole("button", { name: "Reset", exact: true }).click();
  await train(page);
  await page.locator(".run-show input").first().check();
}

/** @param {Page} page */
async function offerPictures(page) {
  await ready(page);
  const pictures = await Promise.all(
    Array.from({ length: 24 }, (_, number) => hills(`hills-${number + 1}.png`, number, 300, 200)),
  );
  await page.getByLabel("Your own images").setInputFiles(pictures);
  await page.getByText("held out for validation").first().waitFor();
  await page.locator(".offer").waitFor();
  await page.waitForTimeout(2000);
}

/** @param {Page} page */
async function askForGpu(page) {
  await pretrained(page);
  await page.getByText("How to get the GPU").click();
}

/** @param {Page} page */
async function showKeys(page) {
  await page.evaluate(() => window.scrollTo(0, 0));
  await page.locator("body").press("?");
  await page.getByRole("dialog", { name: "Keys" }).waitFor();
}

/**
 * A generated picture of hills under a sky, different for each number.
 * @param {string} name
 * @param {number} number
 * @param {number} width
 * @param {number} height
 */
async function hills(name, number, width, height) {
  const pixels = Buffer.alloc(width * height);
  for (let at = 0; at < pixels.length; at++) {
    const [x, y] = [(at % width) / width, Math.floor(at / width) / height];
    const horizon = (/** @type {number} */ hill) =>
      0.35 + 0.2 * hill + 0.1 * Math.sin((5 + hill) * x + 1.7 * number + 2 * hill);
    const sun = Math.hypot(1.5 * (x - 0.2 - 0.02 * number), y - 0.2) < 0.09;
    const hill = [2, 1, 0].find((nearest) => y > horizon(nearest));
    pixels[at] =
      hill === undefined ? (sun ? 255 : 230 - 70 * y) : 150 - 50 * hill + 20 * Math.sin(60 * (x + y * hill));
  }
  const buffer = await sharp(pixels, { raw: { width, height, channels: 1 } })
    .png()
    .toBuffer();
  return { name, mimeType: "image/png", buffer };
}
