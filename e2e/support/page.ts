import { test as base, expect as expectAtOnce, type Page, type Worker } from "@playwright/test";
import { isolationHeaders } from "../../vite/isolation-plugin.ts";
import { countCoverage } from "./coverage.ts";

/** The limit is for hangs, not for speed: a software GPU on a busy machine is slow. */
export const expect = expectAtOnce.configure({ timeout: 60_000 });

/** What computes in the page: always one of these two. */
export type Engine = "cpu" | "gpu";

/** A run with few and fast steps, for tests for which any run is suitable. */
export const smallRun = "hidden=8&batch=32&epochs=2";

/** The page as a user sees it: its controls and its texts. */
export class Lab {
  readonly page: Page;
  readonly engine: Engine;

  constructor(page: Page, engine: Engine) {
    this.page = page;
    this.engine = engine;
  }

  /**
   * The page's address for the test's engine.
   * @param settings "hidden=8&batch=512", as the page writes its settings into its address
   */
  address(settings = ""): string {
    return `/?backend=${this.engine}#${settings}`;
  }

  /** Opens the page, waits until it can train, and makes it show the images as the run denoises them. */
  async open(settings = ""): Promise<void> {
    await this.page.goto(this.address(settings));
    await this.ready();
    await this.showRun();
  }

  /** Makes the page show the images as the run denoises them, if it shows another network's results. */
  async showRun(): Promise<void> {
    // In one call, because every test does it: a check by Playwright takes many calls.
    await this.page.getByRole("radio", { name: "This run" }).evaluateAll((radios) => {
      for (const radio of radios) if (radio instanceof HTMLInputElement) radio.click();
    });
  }

  async ready(): Promise<void> {
    await this.#status("Ready: press Train.", 60_000);
  }

  async press(name: "Train" | "Pause" | "Step" | "Reset" | "Other ones"): Promise<void> {
    await this.page.getByRole("button", { name, exact: true }).click();
  }

  /** Types a setting; the untrained run is replaced by one with it. */
  async set(title: string, text: string): Promise<void> {
    await this.page.getByLabel(title, { exact: true }).fill(text);
  }

  /** Opens a group of settings that is closed. */
  async openSettings(title: string): Promise<void> {
    await this.page.locator("summary", { has: this.page.getByRole("heading", { name: title }) }).click();
  }

  /** A short run: about 40 fast steps per epoch. */
  async setQuickRun(epochs: number): Promise<void> {
    await this.set("Epochs", String(epochs));
    await this.set("Batch", "256");
    await this.set("Hidden layers", "16");
    await expect(this.page.locator("#epoch + small")).toHaveText(` of ${epochs}`);
    await this.ready();
  }

  /** A figure of the page by its id; NaN if there is none yet. */
  async figure(id: string): Promise<number> {
    const text = await this.page.locator(`#${id}`).innerText();
    return Number.parseFloat(text.replaceAll(",", ""));
  }

  async finished(): Promise<void> {
    await this.#status("Finished: Train starts a new run.", 60_000);
  }

  /** Waits for a text in the status line. It checks in every frame; `expect` would check once a second. */
  async #status(words: string, timeout: number): Promise<void> {
    const shows = (text: string) => document.querySelector(".run-status")?.textContent?.includes(text);
    await this.page.waitForFunction(shows, words, { timeout });
  }

  /** The labels of the digits that are shown. */
  labels(): Promise<string[]> {
    return this.page
      .getByRole("listitem", { name: /^Digit \d$/ })
      .evaluateAll((items) => items.map((item) => item.getAttribute("data-label") ?? ""));
  }

  /** The pictures of one row, as data URLs. */
  pictures(row: "noisy" | "denoised" | "clean"): Promise<string[]> {
    return this.page
      .getByRole("img", { name: row, exact: true })
      .evaluateAll((canvases) => canvases.map((canvas) => (canvas as HTMLCanvasElement).toDataURL()));
  }
}

interface Fixtures {
  readonly lab: Lab;
  /** The CPU by default; `test.use({ engine: "gpu" })` for tests of WebGPU, which is slow in software. */
  readonly engine: Engine;
  /** Whether the classical filters are tuned for the page's run, which uses a core for seconds. Otherwise their Worker does nothing. */
  readonly filters: boolean;
  /** Console errors that the test causes on purpose. */
  readonly expectedErrors: RegExp[];
}

/** Every test fails on an error in the console or the page, and on a request to another origin. */
export const test = base.extend<Fixtures>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads a fixture's dependencies from this pattern.
  expectedErrors: async ({}, use) => use([]),

  engine: ["cpu", { option: true }],

  filters: [false, { option: true }],

  page: async ({ page, filters }, use) => {
    if (!filters) {
      const nothing = { contentType: "text/javascript", headers: isolationHeaders, body: "" };
      await page.route(/filter-worker/, (route) => route.fulfill(nothing));
    }
    const end = await countCoverage(page);
    await use(page);
    await end();
  },

  lab: async ({ page, baseURL, engine, expectedErrors }, use) => {
    const troubles: string[] = [];
    page.on("pageerror", (error) => troubles.push(`page error: ${error.message}`));
    page.on("console", (message) => {
      if (message.type() !== "error" && message.type() !== "warning") return;
      // Playwright's message about `serviceWorkers: "block"`.
      if (message.text().startsWith("Service Worker registration blocked")) return;
      troubles.push(message.text());
    });
    page.on("request", (request) => {
      const url = new URL(request.url());
      if (/^https?:$/.test(url.protocol) && url.origin !== baseURL) troubles.push(`request to ${url.href}`);
    });
    await use(new Lab(page, engine));
    expect(troubles.filter((trouble) => !expectedErrors.some((known) => known.test(trouble)))).toEqual([]);
  },
});

/** Runs `prelude` in the training Worker before anything is opened there. */
export async function inWorker(page: Page, prelude: string): Promise<void> {
  await page.route(/training-worker/, async (route) => {
    const response = await route.fetch();
    // In a block, because the Worker's own names may be the same.
    await route.fulfill({ response, body: `${await response.text()}\n{ ${prelude} }` });
  });
}

/** Makes the training Worker store its device as `globalThis.device`, so that a test can destroy it. */
export function exposeDevice(page: Page): Promise<void> {
  return inWorker(
    page,
    `const request = GPUAdapter.prototype.requestDevice;
     GPUAdapter.prototype.requestDevice = async function (...wishes) {
       globalThis.device = await request.apply(this, wishes);
       return globalThis.device;
     };`,
  );
}

/** The page's training Worker. */
export async function trainingWorker(page: Page): Promise<Worker> {
  const find = () => page.workers().find((worker) => worker.url().includes("training-worker"));
  await expect.poll(find).toBeDefined();
  const worker = find();
  if (!worker) throw new Error("The page has no training Worker.");
  return worker;
}

/** Makes the training Worker store the threads that it starts as `globalThis.threads`, so that a test can terminate them. */
export function exposeThreads(page: Page): Promise<void> {
  return inWorker(
    page,
    `globalThis.threads = [];
     globalThis.Worker = class extends Worker {
       constructor(...args) {
         if (globalThis.noThreads) throw new Error("no threads are left");
         super(...args);
         globalThis.threads.push(this);
       }
     };`,
  );
}

/** Makes one of those threads end, as an error in its code would. */
export async function loseThread(page: Page): Promise<void> {
  await (await trainingWorker(page)).evaluate(endThread);
}

/** Ends a thread too, and prevents new threads until `restoreThreads` is called. */
export async function loseEveryThread(page: Page): Promise<void> {
  await (await trainingWorker(page)).evaluate(`globalThis.noThreads = true; ${endThread}`);
}

/** Allows the training Worker to start threads again. */
export async function restoreThreads(page: Page): Promise<void> {
  await (await trainingWorker(page)).evaluate("globalThis.noThreads = false");
}

const endThread = `{
  const thread = globalThis.threads.at(-1);
  thread.terminate();
  thread.dispatchEvent(new ErrorEvent("error", { message: "stopped by a test" }));
}`;

/** Makes the training Worker fail, as an error in its code would. */
export async function stopWorker(page: Page): Promise<void> {
  await (await trainingWorker(page)).evaluate(
    "void setTimeout(() => { throw new Error('stopped by a test'); })",
  );
}

/** Destroys the device that `exposeDevice` stored. */
export async function loseDevice(page: Page): Promise<void> {
  await (await trainingWorker(page)).evaluate("globalThis.device.destroy()");
}

/** Destroys the device too, and prevents that Worker from opening another one. */
export async function loseEveryDevice(page: Page): Promise<void> {
  await (await trainingWorker(page)).evaluate(
    "GPU.prototype.requestAdapter = async () => null; globalThis.device.destroy()",
  );
}
