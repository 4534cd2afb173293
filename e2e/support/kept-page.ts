import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Page } from "@playwright/test";
import { serveAnother } from "./built-page.ts";
import { expect, type Lab } from "./page.ts";
import type { StaticServer } from "./static-server.ts";

/** Disables the filters' Worker, as in most tests. */
export async function withoutFilters(folder: string): Promise<void> {
  const names = await readdir(join(folder, "assets"));
  const workers = names.filter((name) => name.startsWith("filter-worker"));
  await Promise.all(workers.map((name) => writeFile(join(folder, "assets", name), "")));
}

/** Waits until the service worker has all files and controls this page. */
export async function isKept(page: Page): Promise<void> {
  await page.waitForFunction(() => navigator.serviceWorker.controller?.state === "activated");
}

/** The addresses of the cached files, relative to the page's folder. */
export function keptAddresses(page: Page): Promise<string[]> {
  return page.evaluate(async () => {
    const names = await caches.keys();
    const requests = await Promise.all(names.map(async (name) => (await caches.open(name)).keys()));
    const folder = new URL(".", document.baseURI).href;
    return requests.flat().map(({ url }) => url.slice(folder.length));
  });
}

/** Uploads an incomplete new version, and expects the browser to reject it and to show the page as before. */
export async function refuseHalf(lab: Lab, server: StaticServer): Promise<void> {
  const { page } = lab;
  const { folder: whole } = server;
  const index = (folder: string) => join(folder, "index.html");
  await serveAnother(
    server,
    "half",
    (folder) => writeFile(index(folder), "<title>half unsnow</title>"),
    (folder) => writeFile(index(folder), "<title>half of"),
  );
  // The browser rejects a file whose hash differs from the listed one.
  const tried = await page.evaluate(async () => {
    const registration = await navigator.serviceWorker.getRegistration();
    await registration?.update();
    const { installing } = registration ?? {};
    return new Promise((resolve) =>
      installing?.addEventListener("statechange", () => resolve(installing.state)),
    );
  });
  expect(tried).toBe("redundant");
  await page.reload();
  await lab.ready();
  expect(await page.title()).toBe("unsnow");
  server.folder = whole;
}

/** Uploads a newer version, and expects it to be found at the next visit and to be shown at the visit after that. */
export async function takeNewer(lab: Lab, server: StaticServer): Promise<void> {
  const { page } = lab;
  const older = await page.evaluate(() => caches.keys());
  await serveAnother(server, "newer", async (folder) => {
    const index = join(folder, "index.html");
    const text = await readFile(index, "utf8");
    await writeFile(index, text.replace("<title>unsnow", "<title>newer unsnow"));
  });

  // This visit still shows the older version, and finds the newer one.
  await page.reload();
  await lab.ready();
  expect(await page.title()).toBe("unsnow");
  const waits = () =>
    page.evaluate(async () => (await navigator.serviceWorker.getRegistration())?.waiting?.state);
  await expect.poll(waits).toBe("installed");

  // Without settings in its address, otherwise the page would not be loaded again.
  await page.goto(`${server.address}?backend=cpu`);
  await expect(page).toHaveTitle("newer unsnow");
  await lab.ready();
  await expect.poll(() => page.evaluate(() => caches.keys())).toHaveLength(1);
  const [newer] = await page.evaluate(() => caches.keys());
  expect(older).not.toContain(newer);
}
