import { fileURLToPath } from "node:url";
import puppeteer, { type Page } from "puppeteer-core";
import { createServer } from "vite";
import { describe, expect, test } from "vitest";
import { findFirefox } from "../../scripts/setup/find-engines.mjs";
import { crossOriginIsolation } from "../../vite/isolation-plugin.ts";
import { shaders } from "../../vite/shaders.ts";
import { wasmKernels } from "../../vite/wasm-kernels.ts";
import { casesOfCpu, kernelCases } from "../kernels/cases.ts";
import { casesOfReport, expectAllWell } from "./expect-report.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const minutes = 60_000;

/**
 * Firefox translates WGSL by naga, runs it on wgpu, and compiles WebAssembly by Cranelift or its own compilers. Chromium, Dawn
 * and Node share no code with these.
 */
describe("every kernel follows its reference in Firefox", { timeout: 15 * minutes }, () => {
  test("on the GPU", async ({ skip }) => {
    const firefox = findFirefox();
    skip(firefox === undefined, "No Firefox was found: install one, or set UNSNOW_FIREFOX to its path.");
    await inFirefox(firefox ?? "", async (page) => {
      const adapter = await page.evaluate(async () => Boolean(await navigator.gpu?.requestAdapter()));
      skip(!adapter, "This Firefox has no WebGPU adapter: it needs a GPU, or a Vulkan driver in software.");
      const report = await page.evaluate(() => window.gpuReport());
      expectAllWell(report, casesOfReport(report));
    });
  });

  test("on one thread of the CPU and on two", async ({ skip }) => {
    const firefox = findFirefox();
    skip(firefox === undefined, "No Firefox was found: install one, or set UNSNOW_FIREFOX to its path.");
    await inFirefox(firefox ?? "", async (page) => {
      const cases = casesOfCpu(kernelCases("all"));
      for (const threads of [1, 2]) {
        const report = await page.evaluate((threads) => window.cpuReport(threads), threads);
        expect(report.adapter).toContain(`${threads} thread`);
        expectAllWell(report, cases);
      }
    });
  });
});

/** Opens the page of cases in Firefox, and does some work with it. */
async function inFirefox(executablePath: string, work: (page: Page) => Promise<void>): Promise<void> {
  const server = await createServer({
    root,
    configFile: false,
    plugins: [shaders(), wasmKernels(), crossOriginIsolation()],
    server: { host: "127.0.0.1", port: 0, watch: null, hmr: false },
    logLevel: "error",
  });
  await server.listen();
  const browser = await puppeteer.launch({
    browser: "firefox",
    executablePath,
    extraPrefsFirefox: { "dom.webgpu.enabled": true, "gfx.webgpu.ignore-blocklist": true },
    protocolTimeout: 14 * minutes,
  });
  try {
    expect(await browser.version()).toMatch(/firefox/i);
    const page = await browser.newPage();
    await page.goto(`${server.resolvedUrls?.local[0]}test/runtimes/engine.html`);
    await page.waitForFunction(() => "cpuReport" in window, { timeout: 5 * minutes });
    await work(page);
  } finally {
    await browser.close();
    await server.close();
  }
}
