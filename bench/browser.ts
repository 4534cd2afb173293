import { type Browser, chromium, type Page } from "@playwright/test";
import { findBrowser } from "../scripts/setup/find-browser.mjs";
import { within } from "./measure.ts";
import type {} from "./page/main.ts";
import type { Shape } from "./shapes.ts";
import type { Session, System } from "./system.ts";

/** A software GPU, the same everywhere; UNSNOW_GPU=native measures the real one. */
const gpu = process.env.UNSNOW_GPU === "native" ? [] : ["--use-webgpu-adapter=swiftshader"];

/** The arguments of the tests, playwright.config.ts. */
const args = [
  "--no-sandbox",
  "--enable-unsafe-webgpu",
  ...gpu,
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--disable-quic",
];

/** Starts the tests' browser. */
export function launchBrowser(): Promise<Browser> {
  const executablePath = findBrowser();
  return chromium.launch({ args, ...(executablePath && { executablePath }) });
}

/** A system that runs in a page. */
interface PageSystem {
  readonly name: string;
  readonly webgpu: boolean;
  /**
   * The name in page/main.ts, for a system that runs with one thread in a page without isolation. Default: the name.
   */
  readonly alone?: string;
}

export const pageSystems: readonly PageSystem[] = [
  { name: "unsnow", webgpu: true },
  { name: "unsnow CPU", webgpu: false },
  { name: "unsnow CPU, 1 thread", webgpu: false, alone: "unsnow CPU" },
  { name: "jax-js webgpu", webgpu: true },
  { name: "TF.js webgpu", webgpu: true },
  { name: "TF.js webgl", webgpu: false },
  { name: "jax-js wasm", webgpu: false },
  { name: "jax-js wasm, 1 thread", webgpu: false, alone: "jax-js wasm" },
  { name: "TF.js wasm", webgpu: false },
  { name: "TF.js wasm, 1 thread", webgpu: false, alone: "TF.js wasm" },
  { name: "ConvNetJS", webgpu: false },
];

/** A system in a browser of its own, so that closing it also ends the work that its GPU process still has. */
export function pageSystem(address: string, name: string): System {
  const webgpu = pageSystems.some((system) => system.name === name && system.webgpu);
  return {
    name,
    async open(shape): Promise<Session> {
      const browser = await launchBrowser();
      try {
        const page = await load(browser, address, name);
        const { device, maxSteps } = await page.evaluate((shape) => window.bench.open(shape), shape);
        return {
          device,
          maxSteps,
          run: (steps) => page.evaluate((steps) => window.bench.run(steps), steps),
          count: async (steps) =>
            webgpu ? page.evaluate((steps) => window.bench.count(steps), steps) : undefined,
          close: () => browser.close(),
        };
      } catch (error) {
        await browser.close();
        throw error;
      }
    },
  };
}

/**
 * Milliseconds from the loaded library to its first finished step, in a newly started browser; an error after `limit` seconds.
 */
export async function firstStep(address: string, name: string, shape: Shape, limit: number): Promise<number> {
  const browser = await launchBrowser();
  try {
    const page = await load(browser, address, name);
    return await within(
      limit,
      page.evaluate((shape) => window.bench.firstStep(shape), shape),
    );
  } finally {
    await browser.close();
  }
}

async function load(browser: Browser, address: string, name: string): Promise<Page> {
  const alone = pageSystems.find((system) => system.name === name)?.alone;
  const context = await browser.newContext();
  const page = await context.newPage();
  page.setDefaultTimeout(120_000);
  await page.goto(alone === undefined ? address : new URL("/alone", address).href);
  await page.waitForFunction(() => window.bench !== undefined);
  await page.evaluate((name) => window.bench.load(name), alone ?? name);
  return page;
}
