import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import type { Page } from "@playwright/test";
import sharp from "sharp";
import { serveAnother, test } from "./support/built-page.ts";
import { choosePictures, finished, noisyPicture } from "./support/denoised-pictures.ts";
import { haveCores, isolated } from "./support/isolated.ts";
import { isKept, keptAddresses, refuseHalf, takeNewer, withoutFilters } from "./support/kept-page.ts";
import { shiftsOf, watchShifts } from "./support/layout-shift.ts";
import { expect } from "./support/page.ts";
import type { StaticServer } from "./support/static-server.ts";
import { usePage } from "./support/use-page.ts";

/** Every test here also fails on a request to another origin, including requests of the Workers. */

/** The page with a short run of a small network. */
const address = (server: StaticServer) => `${server.address}?backend=cpu#hidden=8&batch=100&epochs=1`;

test.describe("without a service worker", () => {
  test.use({ serviceWorkers: "block" });

  test("the page requests few files, only its own and each once, follows its policy, which refuses text as HTML or a script, and can be installed", async ({
    lab,
    server,
    expectedErrors,
  }) => {
    const { page } = lab;
    await page.addInitScript(watchPolicy);
    await watchShifts(page);
    await page.goto(address(server));
    await lab.ready();
    await test.step("it is usable after few requests and little code, and has no layout shifts", () =>
      expectSmall(page, server));
    await test.step("using all its features requests only the files for pictures", async () => {
      await expect.poll(() => server.requests.map(withoutHash)).toEqual(expect.arrayContaining(opening));
      await usePage(lab);
      await expectOwnFiles(server);
    });
    await test.step("all of this followed the policy", async () =>
      expect(await violationsOn(page)).toEqual([]));
    await test.step("it can be installed", () => expectInstallable(page, server));
    // From here on violations of the policy are expected. So far there were none.
    expectedErrors.push(/Content Security Policy|TrustedHTML|TrustedScript|could not be parsed/);
    await test.step("the policy refuses text as HTML or a script, and other origins, and allows WebAssembly", () =>
      expectRefusals(page));
  });
});

test.describe("on a server that sends the page's policy and the isolating headers with every file", () => {
  test.use({ serviceWorkers: "block", sendsHeaders: true });

  test("threads train under the policy and need few bytes, and a page on the GPU does not request them", async ({
    lab,
    server,
  }) => {
    const { page } = lab;
    await page.goto(`${server.address}?backend=cpu&threads=2#hidden=8&batch=100&epochs=1`);
    await lab.ready();
    expect(await isolated(page)).toEqual({ page: true, worker: true });
    await expect(page.locator("#adapter")).toHaveText(/, 2 threads\)$/);
    await lab.press("Train");
    await lab.finished();
    const parts = [...new Set(server.requests.filter((name) => ofCpuEngine.test(name)))];
    expect(parts.map(withoutHash).sort()).toEqual(cpuEngine);
    expect(await kilobytesOf(server, parts)).toBeLessThanOrEqual(mostCpuKilobytes);

    server.requests.length = 0;
    await page.goto(`${server.address}?backend=gpu#hidden=8&batch=100&epochs=1`);
    await lab.ready();
    expect(server.requests.length).toBeGreaterThan(10);
    expect(server.requests.filter((name) => ofCpuEngine.test(name))).toEqual([]);
  });
});

test.describe("with a service worker", () => {
  test.use({ serviceWorkers: "allow" });

  test("the files are stored and not requested again, a newer version replaces them when it is complete, and everything works offline", async ({
    lab,
    server,
  }) => {
    const { page } = lab;
    await serveAnother(server, "first", withoutFilters);
    await page.goto(address(server));
    await lab.ready();
    await isKept(page);
    await test.step("the files that every page needs are stored", async () => {
      const kept = await keptAddresses(page);
      expect(kept).toEqual(expect.arrayContaining(["", "digits/images.idx.gz", "models/digits.safetensors"]));
      expect(kept).not.toContain(wantedByFew);
      // The kernels in each build that a browser may need: with relaxed SIMD or without, for one thread or for several.
      const engine = kept.filter((name) => ofCpuEngine.test(name)).map(withoutHash);
      expect(engine.sort()).toEqual([...cpuEngine, ...Array.from({ length: 3 }, () => kernels)].sort());
    });
    await test.step("nothing is requested again, except the networks for photographs and the browser's request for newer files", async () => {
      const loaded = server.requests.length;
      await usePage(lab);
      const later = server.requests.slice(loaded);
      const models = ["models/photo-colour.safetensors", "models/photo.safetensors"];
      expect(later.filter((file) => file !== "service-worker.js").sort()).toEqual(models);
    });
    await test.step("a version that is only partly uploaded does not replace it", () =>
      refuseHalf(lab, server));
    await test.step("a newer version replaces it at the next visit, and nothing of the older one is left", () =>
      takeNewer(lab, server));
    await test.step("an optional model is stored after the page has requested it", async () => {
      const model = server.address + wantedByFew;
      const fetched = () =>
        page.evaluate(async (model) => (await (await fetch(model)).arrayBuffer()).byteLength, model);
      const { size } = await stat(join(server.folder, wantedByFew));
      expect(await fetched()).toBe(size);
      await expect.poll(() => keptAddresses(page)).toContain(wantedByFew);
      await server.close();
      expect(await fetched()).toBe(size);
    });
    await test.step("it denoises offline", async () => {
      await page.context().setOffline(true);
      await page.goto(`${server.address}?backend=cpu#denoise`);
      await page.reload();
      await choosePictures(page, [await noisyPicture("offline.png", 60, 50)]);
      await finished(page);
      await page.goto(address(server));
    });
    await test.step("it opens and trains offline", async () => {
      await page.context().setOffline(true);
      await page.reload();
      await lab.ready();
      await lab.press("Step");
      await expect(page.locator("#step")).toHaveText("1");
    });
  });

  test("on a server without headers the page and its Workers are isolated from the first reload on, online and offline", async ({
    lab,
    server,
  }) => {
    const { page } = lab;
    await haveCores(page, 8);
    await serveAnother(server, "isolated", withoutFilters);
    await page.goto(`${server.address}?backend=cpu&threads=2#hidden=8&batch=100&epochs=1`);
    await lab.ready();
    await isKept(page);
    expect(await isolated(page)).toEqual({ page: false, worker: false });
    await expect(page.locator("#adapter")).toHaveText(/, 1 thread\)$/);
    const oneOfEight = page.getByText("Only one of this computer's 8 cores computes. After a reload all do.");
    await expect(oneOfEight).toBeVisible();
    await page.getByRole("button", { name: "Reload", exact: true }).click();
    await expect(page.locator("#adapter")).toHaveText(/, 2 threads\)$/);
    await lab.ready();
    await expect(oneOfEight).toBeHidden();
    expect(await isolated(page)).toEqual({ page: true, worker: true });
    await usePage(lab);
    await server.close();
    await page.context().setOffline(true);
    await page.reload();
    await lab.ready();
    expect(await isolated(page)).toEqual({ page: true, worker: true });
    await expect(page.locator("#adapter")).toHaveText(/, 2 threads\)$/);
    await lab.press("Train");
    await lab.finished();
  });
});

/** A file's address without the hash added by the build. */
const withoutHash = (address: string) => address.replace(/-[\w-]{8}(?=\.\w+$)/, "");

/**
 * The files that are requested only if the CPU computes: the engine, one of four builds of its kernels, and the script of its threads.
 */
const kernels = "assets/wasm.js";
const cpuEngine = ["assets/cpu.js", kernels, "assets/web-thread-main.js"];
const ofCpuEngine = /^assets\/(cpu|wasm|web-thread-main)-/;

/** The limit for all of these, in kilobytes, gzipped. */
const mostCpuKilobytes = 60;

/** The files that the page on the CPU requests when it opens, including the filters and the network for digits. */
const opening = [
  "",
  // The page itself, which its small entry requests after the Worker: these files, shared and page.
  ...["assets/actions.js", "assets/cards.js", "assets/checks.js", "assets/continue-run.js", "assets/cpu.js"],
  ...["assets/filter-worker.js", "assets/index.css", "assets/index.js", "assets/mark.svg"],
  ...["assets/shared.js", "assets/shelf.js", "assets/page.js", "assets/work-slices.js"],
  ...["assets/training-worker.js", kernels, "assets/web-thread-main.js"],
  ...["digits/images.idx.gz", "digits/labels.idx.gz", "models/digits.safetensors"],
];

/** The files that are requested when pictures are denoised by convolutions with a noise map, and downloaded as a ZIP file. */
const denoising = [
  ...["assets/client-zip.js", "assets/conv-dispatches.js", "assets/denoise-pictures.js"],
  ...["assets/estimated-strength.js", "assets/denoise-view.js", "assets/picture-files.js", "assets/tiles.js"],
  ...["models/photo-colour.safetensors", "models/photo.safetensors"],
];

/** The files that are requested for Deep Image Prior. */
const painting = [
  ...["assets/conv-step.js", "assets/paint-prior.js", "assets/patch-supply.js", "assets/prior-view.js"],
  ...["assets/rgba-picture.js"],
];

/** The file that is requested when a loss chart is exported. */
const exporting = ["assets/loss-chart.js"];

/** The file that is requested when images are offered. */
const offering = ["assets/image-files.js"];

/** The limits until the page is usable, including the CPU engine: kilobytes of scripts, gzipped, and requests. */
const mostKilobytes = 235;
const mostRequests = 19;

/** Kilobytes of what shows denoised digits when the page opens, besides those scripts. */
const mostToShow = 450;

/** Requested after the page is usable: for the filters, and for working offline. */
const comesLater = /filter-worker|service-worker|icon-|manifest/;

/** A shipped model that the page does not load when it opens. */
const wantedByFew = "models/photo.safetensors";

/** Runs in the page before it loads: records violations of its policy. */
function watchPolicy(): void {
  const violations: string[] = [];
  Object.assign(globalThis, { violations });
  document.addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI }) =>
    violations.push(`${violatedDirective} ${blockedURI}`),
  );
}

const violationsOn = (page: Page) =>
  page.evaluate(() => (globalThis as unknown as { violations: string[] }).violations);

async function expectSmall(page: Page, server: StaticServer): Promise<void> {
  const shifts = await shiftsOf(page);
  const needed = [...new Set(server.requests)].filter((name) => !comesLater.test(name));
  const scripts = needed.filter((name) => name.endsWith(".js"));
  const kilobytes = await kilobytesOf(server, scripts);
  expect(needed.length).toBeLessThanOrEqual(mostRequests);
  expect(kilobytes).toBeGreaterThan(50);
  expect(kilobytes).toBeLessThanOrEqual(mostKilobytes);
  expect(await opensWith(server)).toBeLessThanOrEqual(mostToShow);
  expect(shifts).toBeLessThan(0.1);
}

/** Kilobytes of the shipped network for digits, which these pages replace by a smaller one, and of the scripts of its convolutions. */
async function opensWith(server: StaticServer): Promise<number> {
  const names = (await readdir(join(server.folder, "assets"))).map((name) => `assets/${name}`);
  const scripts = names.filter((name) => /conv-dispatches/.test(name));
  expect(scripts.length).toBeGreaterThan(0);
  const { size } = await stat(new URL("../public/models/digits.safetensors", import.meta.url));
  return (await kilobytesOf(server, scripts)) + size / 1000;
}

/** The total size of files, gzipped. */
async function kilobytesOf(server: StaticServer, names: readonly string[]): Promise<number> {
  const files = await Promise.all(names.map((name) => readFile(join(server.folder, name))));
  return files.reduce((sum, file) => sum + gzipSync(file).length, 0) / 1000;
}

async function expectOwnFiles(server: StaticServer): Promise<void> {
  const all = [...opening, ...denoising, ...painting, ...exporting, ...offering].sort();
  // The last files may be requested after the last use.
  await expect.poll(() => [...new Set(server.requests.map(withoutHash))].sort()).toEqual(all);
  const asked = [...server.requests];
  const entries = await readdir(server.folder, { recursive: true });
  const own = new Set(["", ...entries.map((name) => name.replaceAll("\\", "/"))]);
  expect(asked.filter((file) => !own.has(file))).toEqual([]);
  // If nothing may be stored, the browser requests the icon again when the address changes, because settings are part of it.
  const counted = asked.filter((file) => withoutHash(file) !== "assets/mark.svg");
  expect(counted).toHaveLength(all.length - 1);
}

async function expectInstallable(page: Page, server: StaticServer): Promise<void> {
  const session = await page.context().newCDPSession(page);
  const { errors, data = "" } = await session.send("Page.getAppManifest");
  expect(errors).toEqual([]);
  const { icons } = JSON.parse(data) as { icons: { src: string; sizes: string }[] };
  for (const { src, sizes } of icons) {
    const { width, height } = await sharp(join(server.folder, src)).metadata();
    expect(`${width}x${height}`).toBe(sizes);
  }
  const { installabilityErrors } = await session.send("Page.getInstallabilityErrors");
  // Playwright uses private profiles, in which no page can be installed.
  const others = installabilityErrors.map(({ errorId }) => errorId).filter((id) => id !== "in-incognito");
  expect(others).toEqual([]);
}

async function expectRefusals(page: Page): Promise<void> {
  const refused = await page.evaluate(async () => {
    // Code that Playwright evaluates may evaluate text, but a later task may not.
    await new Promise((resolve) => setTimeout(resolve));
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
      evaluated: await fails(() => new Function("other()")),
      elsewhere: await fails(() => new Worker("https://example.org/worker.js")),
      request: await fails(() => fetch("https://example.org/")),
      // An empty module: its first eight bytes.
      webAssembly: await fails(() => WebAssembly.compile(Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0))),
    };
  });
  const others = { html: true, script: true, evaluated: true, elsewhere: true, request: true };
  expect(refused).toEqual({ ...others, webAssembly: false });
}
