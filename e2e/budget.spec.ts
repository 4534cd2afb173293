import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { test } from "./support/built-page.ts";
import { FirstVisit } from "./support/first-visit.ts";
import { expect } from "./support/page.ts";
import type { StaticServer } from "./support/static-server.ts";
import { longestTask, tasksWhile } from "./support/tasks.ts";

/** What the page may ask for until it is usable: kilobytes of scripts, gzipped, and requests. */
const mostKilobytes = 215;
const mostRequests = 16;

/** Fetched when the page is usable: for the filters, and to work without a network. */
const comesLater = /filter-worker|service-worker|icon-|manifest/;

/** Kilobytes of the scripts among these files, gzipped. */
async function scriptKilobytes(server: StaticServer, names: readonly string[]): Promise<number> {
  const scripts = names.filter((name) => name.endsWith(".js"));
  const files = await Promise.all(scripts.map((name) => readFile(join(server.folder, name))));
  return files.reduce((sum, file) => sum + gzipSync(file).length, 0) / 1000;
}

test("the page is usable after few requests and little code", async ({ lab, server }) => {
  const { page } = lab;
  const visit = await FirstVisit.follow(page);
  await page.goto(server.address);
  await lab.ready();
  // It clears away in less than a second.
  await expect(page.locator(".snow").first()).toBeAttached();
  const needed = [...new Set(server.requests)].filter((name) => !comesLater.test(name));
  const kilobytes = await scriptKilobytes(server, needed);
  console.log(`${needed.length} requests, ${kilobytes.toFixed(1)} kB of scripts, gzipped.`);
  expect(needed.length).toBeLessThanOrEqual(mostRequests);
  expect(kilobytes).toBeGreaterThan(50);
  expect(kilobytes).toBeLessThanOrEqual(mostKilobytes);

  const { firstContentfulPaint, denoised, ready, timeToInteractive, layoutShift } = await visit.times();
  const seconds = (milliseconds = Number.NaN) => `${(milliseconds / 1000).toFixed(2)} s`;
  console.log(
    `First visit on ${await page.locator("#adapter").innerText()}: first contentful paint ${seconds(firstContentfulPaint)}, ` +
      `digits denoised ${seconds(denoised)}, Train ${seconds(ready)}, ` +
      `time to interactive ${timeToInteractive === undefined ? "not in time" : seconds(timeToInteractive)}; ` +
      `layout shift ${layoutShift.toFixed(3)}.`,
  );
  expect(layoutShift).toBeLessThan(0.1);
  // Bounds a hang, not a speed.
  expect(Math.max(firstContentfulPaint, denoised, ready)).toBeLessThan(60_000);
});

test("while the page opens, no task of it works longer than 50 ms", async ({ lab, server }) => {
  const { page } = lab;
  const tasks = await tasksWhile(page, async () => {
    await page.goto(server.address);
    // Nothing more is asked of the page meanwhile: looking for a text in it is work for it.
    await page.waitForFunction(() => document.querySelector(".snow") !== null, null, { polling: 500 });
    await page.waitForTimeout(2000);
  });
  await lab.ready();
  await expect(page.getByRole("region", { name: "Try it", exact: true })).toBeVisible();
  const most = Math.max(...tasks.map(({ worked }) => worked));
  console.log(`The hardest of ${tasks.length} tasks took ${most.toFixed(0)} ms of work.`);
  expect(tasks.length).toBeGreaterThan(50);
  expect(tasks.filter(({ worked }) => worked > longestTask)).toEqual([]);
});

test("Train can be pressed before anything is compiled for it", async ({ lab, server }) => {
  const { page } = lab;
  await page.goto(server.address);
  await lab.ready();
  await lab.press("Train");
  await expect(page.getByRole("region", { name: "Run", exact: true })).toContainText("Training");
  await expect(page.locator("#step")).not.toHaveText("0", { timeout: 60_000 });
});
