import { readdir } from "node:fs/promises";
import type { Page } from "@playwright/test";
import { encodeIdx } from "../src/data/idx.ts";
import { test } from "./support/built-page.ts";
import { dropFiles } from "./support/file-drops.ts";
import { expect, type Lab } from "./support/page.ts";
import type { StaticServer } from "./support/static-server.ts";
import { strokeByMouse } from "./support/strokes.ts";
import { tinyPicture } from "./support/tiny-picture.ts";

/** Every test here also fails on a request to another origin, the Workers' included. */

/** A file's address without the hash that the build put into it. */
const withoutHash = (address: string) => address.replace(/-[\w-]{8}(?=\.\w+$)/, "");

/** What the page asks for to be opened, the filters and the network for digits included. */
const opening = [
  "",
  ...["assets/filter-worker.js", "assets/index.css", "assets/index.js", "assets/mark.svg"],
  // The page itself, which its small entry asks for once the Worker was.
  ...["assets/preload-helper.js", "assets/results.js", "assets/run-control.js"],
  ...["assets/select-setting.js", "assets/show-page.js"],
  ...["assets/training-worker.js", "digits/images.idx.gz", "digits/labels.idx.gz"],
  "models/digits.safetensors",
];

/** Opens the page, and waits until it has asked for all that it needs. */
async function open(lab: Lab, server: StaticServer): Promise<void> {
  await lab.page.goto(`${server.address}?backend=cpu#hidden=8&batch=100&epochs=1`);
  await lab.ready();
  await expect.poll(() => server.requests.map(withoutHash)).toEqual(expect.arrayContaining(opening));
}

/** All that a person does with the page: trains, draws, drops a file, denoises a picture, exports. */
async function use(lab: Lab): Promise<void> {
  const { page } = lab;
  await lab.press("Train");
  await lab.finished();

  const tryIt = page.getByRole("region", { name: "Try it", exact: true });
  const pad = tryIt.getByRole("application", { name: /^Drawing pad/ });
  await pad.scrollIntoViewIfNeeded();
  const box = await pad.boundingBox();
  if (!box) throw new Error("The pad is not to be seen.");
  await strokeByMouse(page, [
    { x: box.x + box.width / 3, y: box.y + box.height / 3 },
    { x: box.x + box.width / 2, y: box.y + (2 * box.height) / 3 },
  ]);
  await expect(tryIt.getByRole("img", { name: "drawing, denoised", exact: true })).toBeVisible();

  await tryIt.getByRole("radio", { name: "A picture" }).check();
  await tryIt.getByLabel("Picture", { exact: true }).setInputFiles(await tinyPicture());
  await tryIt.getByRole("button", { name: "Denoise" }).click();
  await downloads(page, () => tryIt.getByRole("button", { name: "Download PNG" }).click());

  const run = page.getByRole("list", { name: "Kept runs" }).getByRole("listitem").first();
  await run.getByRole("button", { name: /^Actions for / }).click();
  for (const kind of ["CSV", "JSON", "Model", "Run", "SVG"]) {
    await downloads(page, () => run.getByRole("button", { name: kind, exact: true }).click());
  }

  const images = encodeIdx(
    [50, 8, 8],
    Uint8Array.from({ length: 3200 }, (_, pixel) => pixel % 251),
  );
  await dropFiles(page, [{ name: "own.idx", mimeType: "", buffer: Buffer.from(images) }]);
  await expect(page.getByText("own.idx").first()).toBeVisible();
}

async function downloads(page: Page, press: () => Promise<void>): Promise<void> {
  await Promise.all([page.waitForEvent("download"), press()]);
}

/** The built page's files; `models/` apart, which are asked for by name. */
async function builtFiles(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => `${parentPath}/${name}`.slice(folder.length + 1).replaceAll("\\", "/"));
}

test.describe("without a service worker", () => {
  test.use({ serviceWorkers: "block" });

  test("the page asks for nothing but its own files, and once loaded for nothing more", async ({
    lab,
    server,
  }) => {
    await open(lab, server);
    await use(lab);
    const asked = [...server.requests];
    const own = new Set(["", ...(await builtFiles(server.folder))]);
    expect(asked.filter((file) => !own.has(file))).toEqual([]);
    expect([...new Set(asked.map(withoutHash))].sort()).toEqual(opening);
    // The browser's own wish, where the server lets it keep nothing: the icon for another address, as settings are part of it.
    const counted = asked.filter((file) => withoutHash(file) !== "assets/mark.svg");
    expect(counted).toHaveLength(opening.length - 1);
  });
});

test.describe("with one", () => {
  test.use({ serviceWorkers: "allow" });

  test("once the page's files are kept, nothing is asked for again but, by the browser, whether there are newer ones", async ({
    lab,
    server,
  }) => {
    const { page } = lab;
    await open(lab, server);
    await expect
      .poll(() => page.evaluate(() => navigator.serviceWorker.controller?.state), { timeout: 60_000 })
      .toBe("activated");
    const loaded = server.requests.length;
    await use(lab);
    const later = server.requests.slice(loaded);
    expect(later.filter((file) => file !== "service-worker.js")).toEqual([]);
  });
});
