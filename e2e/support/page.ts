import { test as base, expect as expectAtOnce, type Page, type Worker } from "@playwright/test";
import { isolationHeaders } from "../../vite/isolation-plugin.ts";
import { countCoverage } from "./coverage.ts";

/** Bounds a hang, not a speed: a software GPU on a busy machine takes its time. */
export const expect = expectAtOnce.configure({ timeout: 60_000 });

/** What computes in the page: one of them, whatever else there is. */
export type Engine = "cpu" | "gpu";

/** A run of few and quick steps, for tests that any run serves. */
export const smallRun = "hidden=8&batch=32&epochs=2";

/** The page of unsnow as a person sees it: what can be pressed, and what can be read. */
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

  /** Opens the page, waits until it can train, and has it show what the run makes of its images. */
  async open(settings = ""): Promise<void> {
    await this.page.goto(this.address(settings));
    await this.ready();
    await this.showRun();
  }

  /** Has the page show what the run makes of its images, where it would show another network's work. */
  async showRun(): Promise<void> {
    // In one call, since every test does it: a check by Playwright takes many.
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

  /** Types a setting; the untrained run follows. */
  async set(title: string, text: string): Promise<void> {
    await this.page.getByLabel(title, { exact: true }).fill(text);
  }

  /** Opens a group of settings that is closed. */
  async openSettings(title: string): Promise<void> {
    await this.page.locator("summary", { has: this.page.getByRole("heading", { name: title }) }).click();
  }

  /** A short run: some 40 steps an epoch, each quick. */
  async setQuickRun(epochs: number): Promise<void> {
    await this.set("Epochs", String(epochs));
    await this.set("Batch", "256");
    await this.set("Hidden layers", "16");
    await expect(this.page.locator("#epoch + small")).toHaveText(` of ${epochs}`);
    await this.ready();
  }

  /** A figure of the page by its id; NaN where there is none yet. */
  async figure(id: string): Promise<number> {
    const text = await this.page.locator(`#${id}`).innerText();
    return Number.parseFloat(text.replaceAll(",", ""));
  }

  async finished(): Promise<void> {
    await this.#status("Finished: Train starts a new run.", 60_000);
  }

  /** Waits for words of the status line. It looks at every frame; `expect` would look once a second. */
  async #status(words: string, timeout: number): Promise<void> {
    const shows = (text: string) => document.querySelector(".run-status")?.textContent?.includes(text);
    await this.page.waitForFunction(shows, words, { timeout });
  }

  /** The labels of the pictured digits. */
  labels(): Promise<string[]> {
    return this.page
      .getByRole("listitem", { name: /^Digit \d$/ })
      .evaluateAll((items) => items.map((item) => item.getAttribute("data-label") ?? ""));
  }

  /** What the pictures of one row show, as data addresses. */
  pictures(row: "noisy" | "denoised" | "clean"): Promise<string[]> {
    return this.page
      .getByRole("img", { name: row, exact: true })
      .evaluateAll((canvases) => canvases.map((canvas) => (canvas as HTMLCanvasElement).toDataURL()));
  }
}

interface Fixtures {
  readonly lab: Lab;
  /** The CPU, unless `test.use({ engine: "gpu" })` says that WebGPU is what the tests are about, which is slow in software. */
  readonly engine: Engine;
  /** Whether the classical filters are tuned for the page's run, which takes a core for seconds. Else their Worker does nothing. */
  readonly filters: boolean;
  /** Console errors that the test brings about on purpose. */
  readonly expectedErrors: RegExp[];
}

/** Every test fails on an error in the console or the page, and on a request to another origin. */
export const test = base.extend<Fixtures>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads a fixture's needs from this pattern.
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
      // What Playwright says of `serviceWorkers: "block"`.
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
    // In a block, since the Worker's own names may be the same.
    await route.fulfill({ response, body: `${await response.text()}\n{ ${prelude} }` });
  });
}

/** Has the training Worker keep its device as `globalThis.device`, for a test to destroy. */
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

/** Where the page trains. */
export async function trainingWorker(page: Page): Promise<Worker> {
  const find = () => page.workers().find((worker) => worker.url().includes("training-worker"));
  await expect.poll(find).toBeDefined();
  const worker = find();
  if (!worker) throw new Error("The page has no training Worker.");
  return worker;
}

/** Has the training Worker keep the threads that it starts as `globalThis.threads`, for a test to end. */
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

/** Has one of those threads end, as where its code has a fault. */
export async function loseThread(page: Page): Promise<void> {
  await (await trainingWorker(page)).evaluate(endThread);
}

/** The same, and no others can be started until `restoreThreads`. */
export async function loseEveryThread(page: Page): Promise<void> {
  await (await trainingWorker(page)).evaluate(`globalThis.noThreads = true; ${endThread}`);
}

/** Has the training Worker start threads again. */
export async function restoreThreads(page: Page): Promise<void> {
  await (await trainingWorker(page)).evaluate("globalThis.noThreads = false");
}

const endThread = `{
  const thread = globalThis.threads.at(-1);
  thread.terminate();
  thread.dispatchEvent(new ErrorEvent("error", { message: "stopped by a test" }));
}`;

/** Has the training Worker fail, as where its code has a fault. */
export async function stopWorker(page: Page): Promise<void> {
  await (await trainingWorker(page)).evaluate(
    "void setTimeout(() => { throw new Error('stopped by a test'); })",
  );
}

/** Has the device go that `exposeDevice` made known. */
export async function loseDevice(page: Page): Promise<void> {
  await (await trainingWorker(page)).evaluate("globalThis.device.destroy()");
}

/** The same, and no other can be opened by that Worker. */
export async function loseEveryDevice(page: Page): Promise<void> {
  await (await trainingWorker(page)).evaluate(
    "GPU.prototype.requestAdapter = async () => null; globalThis.device.destroy()",
  );
}
