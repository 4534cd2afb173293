import type { Page } from "@playwright/test";
import { trainingWorker } from "./page.ts";

/** Whether the page and the training Worker can share memory between threads. */
export async function isolated(page: Page): Promise<{ page: boolean; worker: boolean }> {
  const sharesMemory = () =>
    globalThis.crossOriginIsolated &&
    new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true }).buffer instanceof SharedArrayBuffer;
  const worker = await trainingWorker(page);
  return { page: await page.evaluate(sharesMemory), worker: await worker.evaluate(sharesMemory) };
}
