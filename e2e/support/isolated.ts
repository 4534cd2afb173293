import type { Page } from "@playwright/test";
import { trainingWorker } from "./page.ts";

/** Makes the browser report this number of cores to the page, but not to its Workers. */
export async function haveCores(page: Page, cores: number): Promise<void> {
  await page.addInitScript(
    (cores) => Object.defineProperty(Navigator.prototype, "hardwareConcurrency", { get: () => cores }),
    cores,
  );
}

/** Whether the page and the training Worker can share memory between threads. */
export async function isolated(page: Page): Promise<{ page: boolean; worker: boolean }> {
  const sharesMemory = () =>
    globalThis.crossOriginIsolated &&
    new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true }).buffer instanceof SharedArrayBuffer;
  const worker = await trainingWorker(page);
  return { page: await page.evaluate(sharesMemory), worker: await worker.evaluate(sharesMemory) };
}
