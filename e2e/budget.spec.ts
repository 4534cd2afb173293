import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { test as testBuilt } from "./support/built-page.ts";
import { expect, smallRun, test } from "./support/page.ts";

/** What the page may ask for until it is usable: kilobytes of scripts, gzipped, and requests. */
const mostKilobytes = 215;
const mostRequests = 16;

/** Fetched when the page is usable: for the filters, and to work without a network. */
const comesLater = /filter-worker|service-worker|icon-|manifest/;

testBuilt(
  "the page is usable after few requests and little code, and does not shift",
  async ({ lab, server }) => {
    const { page } = lab;
    await page.addInitScript(() => {
      const shifts = { sum: 0 };
      Object.assign(globalThis, { shifts });
      new PerformanceObserver((list) => {
        for (const entry of list.getEntries())
          shifts.sum += (entry as PerformanceEntry & { value: number }).value;
      }).observe({ type: "layout-shift", buffered: true });
    });
    await page.goto(server.address);
    await lab.ready();
    // It clears away in less than a second.
    await expect(page.locator(".snow").first()).toBeAttached();
    const needed = [...new Set(server.requests)].filter((name) => !comesLater.test(name));
    const scripts = needed.filter((name) => name.endsWith(".js"));
    const files = await Promise.all(scripts.map((name) => readFile(join(server.folder, name))));
    const kilobytes = files.reduce((sum, file) => sum + gzipSync(file).length, 0) / 1000;
    expect(needed.length).toBeLessThanOrEqual(mostRequests);
    expect(kilobytes).toBeGreaterThan(50);
    expect(kilobytes).toBeLessThanOrEqual(mostKilobytes);
    // web.dev/articles/cls
    const shifted = await page.evaluate(
      () => (globalThis as unknown as { shifts: { sum: number } }).shifts.sum,
    );
    expect(shifted).toBeLessThan(0.1);
  },
);

test.describe("with WebGPU", () => {
  test.use({ engine: "gpu" });

  test("Train can be pressed before anything is compiled for it", async ({ lab }) => {
    await lab.page.goto(lab.address(smallRun));
    await lab.ready();
    await lab.press("Train");
    await lab.finished();
  });
});
