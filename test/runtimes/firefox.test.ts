import { fileURLToPath } from "node:url";
import puppeteer from "puppeteer-core";
import { createServer } from "vite";
import { expect, test } from "vitest";
import { findFirefox } from "../../scripts/setup/find-engines.mjs";
import { shaders } from "../../vite/shaders.ts";
import { expectAllWell } from "./expect-report.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const minutes = 60_000;

/** Firefox translates WGSL by naga and runs it on wgpu: strangers to all that Chromium and Dawn have in common. */
test("every kernel follows its twin in Firefox", { timeout: 15 * minutes }, async ({ skip }) => {
  const firefox = findFirefox();
  skip(firefox === undefined, "No Firefox was found: install one, or set UNSNOW_FIREFOX to its path.");
  const server = await createServer({
    root,
    configFile: false,
    plugins: [shaders()],
    server: { host: "127.0.0.1", port: 0, watch: null, hmr: false },
    logLevel: "error",
  });
  await server.listen();
  const browser = await puppeteer.launch({
    browser: "firefox",
    executablePath: firefox ?? "",
    extraPrefsFirefox: { "dom.webgpu.enabled": true, "gfx.webgpu.ignore-blocklist": true },
    protocolTimeout: 14 * minutes,
  });
  try {
    const page = await browser.newPage();
    await page.goto(`${server.resolvedUrls?.local[0]}test/runtimes/engine.html`);
    await page.waitForFunction(() => "engineReport" in window, { timeout: 5 * minutes });
    const adapter = await page.evaluate(async () => Boolean(await navigator.gpu?.requestAdapter()));
    skip(!adapter, "This Firefox has no WebGPU adapter: it needs a GPU, or a Vulkan driver in software.");
    expectAllWell(await page.evaluate(() => window.engineReport()));
    expect(await browser.version()).toMatch(/firefox/i);
  } finally {
    await browser.close();
    await server.close();
  }
});
