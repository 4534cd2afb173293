import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Page } from "@playwright/test";
import sharp from "sharp";
import { dropFiles } from "./support/file-drops.ts";
import { findings } from "./support/findings.ts";
import { expect, type Lab, stopWorker, test } from "./support/page.ts";

/** A picture of any size: dark on the left and light on the right, with its own shade. */
function picture(number: number, columns: number, rows: number): Promise<Buffer> {
  const pixels = Buffer.alloc(rows * columns);
  for (let at = 0; at < pixels.length; at++) pixels[at] = at % columns < columns / 2 ? number : 255 - number;
  const raw = sharp(pixels, { raw: { width: columns, height: rows, channels: 1 } });
  return number % 2 === 0 ? raw.png().toBuffer() : raw.webp({ lossless: true }).toBuffer();
}

/** Writes a folder; the files' names are their paths inside it. */
async function write(folder: string, files: Readonly<Record<string, Buffer>>): Promise<string> {
  for (const [path, bytes] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), bytes);
  }
  return folder;
}

const text = (words: string) => Buffer.from(words);

let root: string;
/** 20 cats of 40 x 20 pixels, 20 dogs of 20 x 40, a broken picture, and a file that is not a picture. */
let pets: string;
test.beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "unsnow-pictures-"));
  const files: Record<string, Buffer> = {
    "dogs/broken.png": (await picture(0, 40, 40)).subarray(0, 60),
    "notes.txt": text("no picture"),
    ".hidden.png": text("hidden"),
  };
  for (let number = 0; number < 20; number++) {
    const ending = number % 2 === 0 ? "png" : "webp";
    files[`cats/${number}.${ending}`] = await picture(number, 40, 20);
    files[`dogs/${number}.${ending}`] = await picture(number, 20, 40);
  }
  pets = await write(join(root, "pets"), files);
});
test.afterAll(() => rm(root, { recursive: true, force: true }));

const offerOf = (page: Page) => page.getByRole("region", { name: "Use these pictures?" });

/** A sample's greys, row by row, read from a copy, because browsers warn of slow reads. */
const greys = (page: Page, sample: number) =>
  offerOf(page)
    .getByRole("img", { name: new RegExp(`^sample ${sample}\\b`) })
    .evaluate((element) => {
      const canvas = element as HTMLCanvasElement;
      const { width, height } = canvas;
      const copy = new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: true });
      copy?.drawImage(canvas, 0, 0);
      const rgba = copy?.getImageData(0, 0, width, height).data ?? [];
      return { width, height, values: [...rgba].filter((_, at) => at % 4 === 0) };
    });

/** The grey of a sample at a position, given as fractions of its sides. */
async function grey(page: Page, sample: number, x: number, y: number): Promise<number | undefined> {
  const { width, height, values } = await greys(page, sample);
  return values[Math.floor(y * height) * width + Math.floor(x * width)];
}

/** Drops pictures on the page. */
function drop(page: Page, files: Readonly<Record<string, Buffer>>): Promise<void> {
  const named = Object.entries(files).map(([name, buffer]) => ({ name, mimeType: "image/png", buffer }));
  return dropFiles(page, named);
}

test("pictures are read with the chosen settings, a folder of them is trained on, and it is used again by a new Worker", async ({
  lab,
}) => {
  await lab.open("hidden=8&batch=8");
  await choosePictures(lab);
  await refuseFolders(lab);
  await useFolder(lab);
});

async function choosePictures(lab: Lab): Promise<void> {
  const { page } = lab;
  const offer = offerOf(page);
  const leave = async () => {
    await offer.getByRole("button", { name: "Leave them" }).click();
    await expect(offer).toBeHidden();
  };

  await test.step("dropped pictures are scaled, cropped and made grey", async () => {
    // Red, green and blue side by side: the middle is green, and all of them give three greys.
    const stripes = await sharp({ create: { width: 90, height: 30, channels: 3, background: "#00ff00" } })
      .composite(
        ["#ff0000", "#0000ff"].map((background, place) => ({
          input: { create: { width: 30, height: 30, channels: 3, background } },
          left: 60 * place,
          top: 0,
        })),
      )
      .png()
      .toBuffer();
    await drop(page, { "a.png": stripes, "b.png": stripes, "c.png": stripes });
    await expect(offer).toContainText("a.png and 2 more3 images");
    await expect(offer).toContainText("without labels: 2 for training and 1 held out");
    // BT.709: 0.2126, 0.7152 and 0.0722 of 255.
    for (const x of [0.1, 0.5, 0.9]) expect(await grey(page, 1, x, 0.5)).toBe(182);
    await offer.getByRole("radio", { name: "Squeeze", exact: true }).check();
    await expect.poll(() => grey(page, 1, 0.1, 0.5)).toBe(54);
    expect(await grey(page, 1, 0.5, 0.5)).toBe(182);
    expect(await grey(page, 1, 0.9, 0.5)).toBe(18);
    await leave();

    // What macOS writes beside a picture on other file systems.
    await drop(page, { "._one.png": text("resource fork"), "one.png": stripes });
    await expect(page.getByRole("heading", { name: "one.png" })).toBeVisible();
    await page.getByRole("link", { name: "Train", exact: true }).click();
  });

  const choose = (names: string, buffer: Buffer) =>
    page
      .getByLabel("Your own images")
      .setInputFiles([...names].map((name) => ({ name: `${name}.png`, mimeType: "image/png", buffer })));

  await test.step("pictures with the same small size keep it, bit by bit", async () => {
    const noise = Buffer.from(Array.from({ length: 20 * 16 }, (_, at) => (at * 89) % 256));
    const raw = { width: 16, height: 20, channels: 1 } as const;
    await choose("abcd", await sharp(noise, { raw }).png().toBuffer());
    await expect(offer).toContainText("20 × 16 pixels, without labels: 3 for training and 1 held out");
    await expect(offer.getByRole("radio", { name: "16 × 20" })).toBeChecked();
    expect((await greys(page, 1)).values).toEqual([...noise]);
    await leave();
  });

  await test.step("a fine pattern becomes even grey, because every pixel is used", async () => {
    const fine = Buffer.from(
      Array.from({ length: 840 * 840 }, (_, at) =>
        ((at % 840) * 7 + Math.floor(at / 840) * 13) % 19 < 9 ? 255 : 0,
      ),
    );
    await choose(
      "abc",
      await sharp(fine, { raw: { width: 840, height: 840, channels: 1 } })
        .png()
        .toBuffer(),
    );
    await expect(offer).toContainText("28 × 28 pixels");
    const shades = await Promise.all(
      [0.05, 0.3, 0.55, 0.8, 0.95].map((place) => grey(page, 1, place, 1 - place)),
    );
    // 9 of 19 pixels are white.
    for (const shade of shades) expect(Math.abs((shade ?? 0) - (255 * 9) / 19)).toBeLessThan(4);
    await leave();
  });
}

async function refuseFolders(lab: Lab): Promise<void> {
  const { page } = lab;
  await test.step("folders that cannot be used are refused in one sentence", async () => {
    const chosen = page.getByLabel("Choose a folder");
    const status = page.getByRole("status");
    const few = { "a.png": await picture(2, 9, 9), "b.png": text("no picture at all") };
    await chosen.setInputFiles(await write(join(root, "few"), few));
    await expect(
      status.getByText(
        /^few has 2 pictures, of which 1 can be used \(b\.png is .*\), but at least 3 are needed/,
      ),
    ).toBeVisible();
    await expect(offerOf(page)).toBeHidden();
    const papers = Object.fromEntries([..."abcde"].map((name) => [`${name}.txt`, text(name)]));
    await chosen.setInputFiles(await write(join(root, "papers"), papers));
    await expect(status.getByText(/^The selection has no pictures/)).toBeVisible();
    const phone = {
      "IMG_1.HEIC": text("a"),
      "sub/IMG_2.heic": text("b"),
      "shot.nef": text("c"),
      ".x.png": text("d"),
    };
    await chosen.setInputFiles(await write(join(root, "phone"), phone));
    await expect(
      status.getByText(
        /^The selection holds no pictures \(\.png, .*\), only 2 \.heic, 1 \.nef: convert them/,
      ),
    ).toBeVisible();
    // A folder with IDX files is read as these.
    await chosen.setInputFiles(await write(join(root, "idx"), { "images.idx": text("no IDX file at all") }));
    await expect(status.getByText(/^images\.idx is not an IDX file/)).toBeVisible();
    await lab.press("Step");
    await expect(page.locator("#step")).toHaveText("1");
  });
}

async function useFolder(lab: Lab): Promise<void> {
  const { page } = lab;
  await page.getByLabel("Choose a folder").setInputFiles(pets);

  const offer = offerOf(page);
  await test.step("it is offered with a summary of its contents", async () => {
    await expect(offer).toContainText("pets40 images");
    await expect(offer).toContainText(
      "28 × 28 pixels, with labels: 32 for training and 8 held out for validation.",
    );
    await expect(offer).toContainText("Labels, by folder: 0 cats, 1 dogs.");
    await expect(offer).toContainText("1 picture could not be read: broken.png.");
    await expect(offer).toContainText("Passed over 1 file that is not read as a picture: 1 .txt.");
    await expect(offer.getByRole("img", { name: /^sample \d, (cats|dogs)$/ })).toHaveCount(8);
    await expect(page.getByText("784 → 8 → 784")).toBeAttached();
  });

  await test.step("other choices change the samples, and end the previous reading", async () => {
    // The first picture is dark on the left and light on the right; its middle is square.
    expect(await grey(page, 1, 0.1, 0.5)).toBeLessThan(30);
    expect(await grey(page, 1, 0.9, 0.5)).toBeGreaterThan(225);
    await offer.getByLabel("Invert").check();
    await expect.poll(() => grey(page, 1, 0.1, 0.5)).toBeGreaterThan(225);
    await offer.getByRole("radio", { name: "Squeeze", exact: true }).check();
    await offer.getByRole("radio", { name: "64", exact: true }).check();
    await offer.getByRole("radio", { name: "32", exact: true }).check();
    await offer.getByRole("radio", { name: "16", exact: true }).check();
    await expect(offer).toContainText("16 × 16 pixels, with labels: 32 for training");
    expect(await findings(page, { parts: ".offer" })).toEqual([]);
  });

  await test.step("it is trained on", async () => {
    await offer.getByRole("button", { name: "Use them" }).click();
    await expect(offer).toBeHidden();
    await expect(page.getByText("256 → 8 → 256")).toBeAttached();
    await lab.ready();
    await expect(page.getByRole("listitem", { name: /^Image \d, label [01]$/ })).toHaveCount(8);
    await expect(page.getByText("Labels, by folder: 0 cats, 1 dogs.")).toBeVisible();
    const untrained = await lab.pictures("denoised");
    for (const step of ["1", "2", "3"]) {
      await lab.press("Step");
      await expect(page.locator("#step")).toHaveText(step);
    }
    await expect.poll(() => lab.pictures("denoised")).not.toEqual(untrained);
  });

  await test.step("a new Worker gets it with the same choices", async () => {
    const clean = async () => (await lab.pictures("clean")).toSorted();
    const before = await clean();
    await stopWorker(page);
    await expect(page.getByRole("alert")).toContainText("has stopped");
    await lab.press("Reset");
    await lab.ready();
    await expect(page.getByText("16 × 16 pixels, with labels: 32 for training")).toBeVisible();
    await expect.poll(clean).toEqual(before);
  });
}
