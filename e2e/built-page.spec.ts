import { cp, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Page } from "@playwright/test";
import sharp from "sharp";
import { writeServiceWorker } from "../vite/offline-plugin.ts";
import { test } from "./support/built-page.ts";
import { expect, type Lab } from "./support/page.ts";
import type { StaticServer } from "./support/static-server.ts";
import { tinyPicture } from "./support/tiny-picture.ts";

test.use({ serviceWorkers: "allow" });

/** The page with a short run of a small network. */
const address = (server: StaticServer) => `${server.address}?backend=cpu#hidden=8&batch=100&epochs=1`;

/** The service worker is there, has all files, and answers this page's requests. */
async function kept(page: Page): Promise<void> {
  await expect
    .poll(() => page.evaluate(() => navigator.serviceWorker.controller?.state), { timeout: 60_000 })
    .toBe("activated");
}

/** Opens the page for the first time, and waits until it is kept. */
async function visit(lab: Lab, server: StaticServer): Promise<void> {
  await lab.page.goto(address(server));
  await lab.ready();
  await kept(lab.page);
}

/** Puts a copy of the page, as `change` makes it, in the place of the one that is served. */
async function serveAnother(server: StaticServer, change: (folder: string) => Promise<void>): Promise<void> {
  const folder = test.info().outputPath("another");
  await cp(server.folder, folder, { recursive: true });
  await change(folder);
  server.folder = folder;
}

/** The addresses, within the page's folder, of what is kept. */
const keptAddresses = (page: Page) =>
  page.evaluate(async () => {
    const names = await caches.keys();
    const requests = await Promise.all(names.map(async (name) => (await caches.open(name)).keys()));
    const folder = new URL(".", document.baseURI).href;
    return requests.flat().map(({ url }) => url.slice(folder.length));
  });

test("the built page works from any path, and without a network from the second visit on", async ({
  lab,
  server,
}) => {
  const { page } = lab;
  await visit(lab, server);
  expect(await keptAddresses(page)).toEqual(expect.arrayContaining(["", "digits/images.idx.gz"]));
  await page.context().setOffline(true);
  await server.close();
  // Without settings in its address: else the page would not be loaded again.
  await page.goto(`${server.address}?backend=cpu`);
  await lab.ready();
  await lab.press("Step");
  await expect(page.locator("#step")).toHaveText("1");
  await page.reload();
  await lab.ready();
});

test("a shipped model that not everyone wants is kept once the page has asked for it", async ({
  lab,
  server,
}) => {
  const { page } = lab;
  const model = "models/another.safetensors";
  await serveAnother(server, async (folder) => {
    await writeFile(join(folder, model), "weights");
    await writeServiceWorker(folder);
  });
  const fetched = () =>
    page.evaluate(async (address) => (await fetch(address)).text(), server.address + model);

  await visit(lab, server);
  expect(await keptAddresses(page)).toContain("models/digits.safetensors");
  expect(await keptAddresses(page)).not.toContain(model);
  expect(await fetched()).toBe("weights");
  await expect.poll(() => keptAddresses(page)).toContain(model);
  await server.close();
  expect(await fetched()).toBe("weights");
});

test("a newer version is there at the next visit, and nothing stays of the older one", async ({
  lab,
  server,
}) => {
  const { page } = lab;
  await visit(lab, server);
  const [older] = await page.evaluate(() => caches.keys());

  await serveAnother(server, async (folder) => {
    const index = join(folder, "index.html");
    const text = await readFile(index, "utf8");
    await writeFile(index, text.replace("<title>unsnow", "<title>newer unsnow"));
    await writeServiceWorker(folder);
  });

  // This visit still shows the older one, and finds the newer.
  await page.reload();
  await lab.ready();
  expect(await page.title()).toBe("unsnow");
  const waits = () =>
    page.evaluate(async () => (await navigator.serviceWorker.getRegistration())?.waiting?.state);
  await expect.poll(waits).toBe("installed");

  await page.goto(`${server.address}?backend=cpu`);
  await expect(page).toHaveTitle("newer unsnow");
  await lab.ready();
  await expect.poll(() => page.evaluate(() => caches.keys())).toHaveLength(1);
  expect(await page.evaluate(() => caches.keys())).not.toContain(older);
});

test("a version that is half uploaded does not take the place of the one that is there", async ({
  lab,
  server,
}) => {
  const { page } = lab;
  await visit(lab, server);

  await serveAnother(server, async (folder) => {
    const index = join(folder, "index.html");
    await writeFile(index, "<title>newer unsnow</title>");
    await writeServiceWorker(folder);
    await writeFile(index, "<title>half of");
  });
  // The browser refuses what does not have the hash that it was told.
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
});

test("nothing the page does is against its policy, and what others might do is refused", async ({
  lab,
  server,
}) => {
  const { page } = lab;
  // The policy's violations are errors in the console, too, which fail every test.
  await page.addInitScript(() => {
    const violations: string[] = [];
    Object.assign(globalThis, { violations });
    document.addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI }) =>
      violations.push(`${violatedDirective} ${blockedURI}`),
    );
  });
  const violations = () =>
    page.evaluate(() => (globalThis as unknown as { violations: string[] }).violations);
  await page.goto(address(server));
  await lab.ready();
  await lab.press("Train");
  await lab.finished();
  await page.locator("summary", { hasText: "Inside the network" }).click();
  for (const tab of await page.getByRole("tab").all()) {
    await tab.click();
    await expect(page.getByRole("tabpanel")).toBeVisible();
  }
  const section = page.getByRole("region", { name: "Try it", exact: true });
  await section.getByRole("radio", { name: "A picture" }).check();
  await section.getByLabel("Picture", { exact: true }).setInputFiles(await tinyPicture());
  await section.getByRole("button", { name: "Denoise" }).click();
  await expect(section.getByRole("button", { name: "Download PNG" })).toBeVisible();
  await Promise.all([
    page.waitForEvent("download"),
    section.getByRole("button", { name: "Download PNG" }).click(),
  ]);
  expect(await violations()).toEqual([]);
});

test("the built page can be installed, and its policy lets no text become HTML or a script", async ({
  lab,
  server,
  expectedErrors,
}) => {
  const { page } = lab;
  expectedErrors.push(/Content Security Policy|TrustedHTML|TrustedScript|could not be parsed/);
  await page.goto(address(server));
  await lab.ready();
  await test.step("it can be installed", async () => {
    const session = await page.context().newCDPSession(page);
    const { errors, data = "" } = await session.send("Page.getAppManifest");
    expect(errors).toEqual([]);
    const { icons } = JSON.parse(data) as { icons: { src: string; sizes: string }[] };
    for (const { src, sizes } of icons) {
      const { width, height } = await sharp(join(server.folder, src)).metadata();
      expect(`${width}x${height}`).toBe(sizes);
    }
    const { installabilityErrors } = await session.send("Page.getInstallabilityErrors");
    // Playwright's profiles are private ones, which no page is installed into.
    expect(installabilityErrors.map(({ errorId }) => errorId).filter((id) => id !== "in-incognito")).toEqual(
      [],
    );
  });

  const refused = await page.evaluate(async () => {
    const fails = async (attempt: () => unknown) => {
      try {
        await attempt();
        return false;
      } catch {
        return true;
      }
    };
    return {
      html: await fails(() => document.body.insertAdjacentHTML("beforeend", "<b>text</b>")),
      script: await fails(() => Object.assign(document.createElement("script"), { text: "other()" })),
      elsewhere: await fails(() => new Worker("https://example.org/worker.js")),
      request: await fails(() => fetch("https://example.org/")),
    };
  });
  expect(refused).toEqual({ html: true, script: true, elsewhere: true, request: true });
});
