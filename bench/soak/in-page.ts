import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type CDPSession, chromium, type Page } from "@playwright/test";
import { build } from "vite";
import { StaticServer } from "../../e2e/support/static-server.ts";
import { findBrowser } from "../../scripts/setup/find-browser.mjs";
import { table } from "../../src/cli/text.ts";
import { encodeIdx } from "../../src/data/idx.ts";
import { isolationHeaders } from "../../vite/isolation-plugin.ts";
import { growth } from "./growth.ts";
import { keptBits } from "./kept-bits.ts";
import { soakData } from "./soak-data.ts";
import { type BufferCount, countedBuffers, countingScript, trainingWorker } from "./worker-gpu-bytes.ts";

const mebibyte = 2 ** 20;

/** The number of memory samples. */
const looks = 20;

/** A memory sample in MiB, after garbage collection in the page's main thread. */
interface Look {
  readonly epoch: number;
  /** The JavaScript objects of the page's main thread. */
  readonly heap: number;
  /** The memory of the page including its Workers, as computed by the browser. */
  readonly whole: number;
  /** Nodes of the document, live or not yet collected. */
  readonly nodes: number;
  readonly listeners: number;
  /** For the Worker that trains. */
  readonly gpu: BufferCount;
}

/**
 * Trains twice in the built page, on 1,000 digits dropped as a file; returns a sentence for everything that grew, and
 * if the second run differs from the first.
 */
export async function soakInPage(epochs: number): Promise<string[]> {
  const folder = await mkdtemp(join(tmpdir(), "unsnow-soak-"));
  const root = fileURLToPath(new URL("../..", import.meta.url));
  await build({
    root,
    configFile: join(root, "vite.config.ts"),
    logLevel: "warn",
    build: { outDir: folder, emptyOutDir: true },
  });
  // Isolated, because only isolated pages may measure their memory.
  const server = new StaticServer(folder, "/soak/", isolationHeaders);
  await server.open();
  const installed = findBrowser();
  const browser = await chromium.launch({
    ...(installed === undefined ? {} : { executablePath: installed }),
    args: [
      ...["--no-sandbox", "--enable-unsafe-webgpu", "--use-webgpu-adapter=swiftshader"],
      // Otherwise a measurement waits for the next regular garbage collection.
      "--enable-blink-features=ForceEagerMeasureMemory",
    ],
  });
  try {
    const page = await browser.newPage({ serviceWorkers: "block" });
    page.setDefaultTimeout(120_000);
    await countBuffers(page);
    await page.goto(`${server.address}#hidden=32&batch=128&epochs=${epochs}`);
    await page.getByText("Ready: press Train.").waitFor();
    await offerDigits(page);
    const first = report(await watch(page, epochs));
    const firstBits = await keptBits(page, epochs);
    const second = report(await watch(page, epochs));
    const secondBits = await keptBits(page, epochs);
    console.log(`Bits of the first run ${firstBits}, of the second ${secondBits}.`);
    const same = firstBits === secondBits;
    return [...first, ...second, ...(same ? [] : ["The second run came to other bits than the first."])];
  } finally {
    await browser.close();
    await server.close();
    await rm(folder, { recursive: true });
  }
}

/** Makes the training Worker count its buffers. */
async function countBuffers(page: Page): Promise<void> {
  const isTrainingWorker = ({ pathname }: URL) => trainingWorker.test(pathname);
  await page.route(isTrainingWorker, async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, body: countingScript(await response.text()) });
  });
}

/** Makes the page train on 1,000 digits and validate on 200, passed to it as files. */
async function offerDigits(page: Page): Promise<void> {
  const { train, validation } = await soakData();
  const files = [train, validation].map(({ count, rows, columns, pixels }, index) => ({
    name: index === 0 ? "train.idx" : "validation.idx",
    mimeType: "application/octet-stream",
    buffer: Buffer.from(encodeIdx([count, rows, columns], pixels)),
  }));
  await page.getByLabel("Your own images").setInputFiles(files);
  await page.getByRole("button", { name: "Use them" }).click();
  await page.getByText("Ready: press Train.").waitFor();
}

async function watch(page: Page, epochs: number): Promise<{ looks: Look[]; seconds: number[] }> {
  const session = await page.context().newCDPSession(page);
  await session.send("Performance.enable");
  const found: Look[] = [];
  const seconds: number[] = [];
  let start = performance.now();
  await page.getByRole("button", { name: "Train", exact: true }).click();
  // A finished run is still shown until the next one has started.
  await shownEpoch(page, "less", 1);
  for (let part = 1; part <= looks; part++) {
    const epoch = Math.floor((part * epochs) / looks);
    await shownEpoch(page, "at least", epoch);
    seconds.push((performance.now() - start) / 1000);
    found.push(await look(page, session, epoch));
    start = performance.now();
  }
  return { looks: found, seconds };
}

/** Waits until the page shows this many finished epochs, or fewer. */
async function shownEpoch(page: Page, how: "at least" | "less", epoch: number): Promise<void> {
  await page.waitForFunction(
    ({ wanted, less }) => {
      const text = document.getElementById("epoch")?.textContent ?? "";
      const shown = Number.parseFloat(text.replaceAll(",", ""));
      return less ? shown < wanted : shown >= wanted;
    },
    { wanted: epoch, less: how === "less" },
    { timeout: 0, polling: 200 },
  );
}

/** A measurement that TypeScript's DOM types lack (wicg.github.io/performance-measure-memory). */
interface MeasuringPerformance {
  measureUserAgentSpecificMemory(): Promise<{ readonly bytes: number }>;
}

async function look(page: Page, session: CDPSession, epoch: number): Promise<Look> {
  await session.send("HeapProfiler.collectGarbage");
  const whole = await page.evaluate(async () => {
    const measuring = performance as unknown as MeasuringPerformance;
    return (await measuring.measureUserAgentSpecificMemory()).bytes;
  });
  const { metrics } = await session.send("Performance.getMetrics");
  const metric = (wanted: string) => metrics.find(({ name }) => name === wanted)?.value ?? 0;
  return {
    epoch,
    heap: metric("JSHeapUsedSize") / mebibyte,
    whole: whole / mebibyte,
    nodes: metric("Nodes"),
    listeners: metric("JSEventListeners"),
    gpu: await countedBuffers(page),
  };
}

function report({ looks, seconds }: { looks: readonly Look[]; seconds: readonly number[] }): string[] {
  const rows = looks.map(({ epoch, heap, whole, nodes, listeners, gpu }, index) => [
    String(epoch),
    heap.toFixed(1),
    whole.toFixed(1),
    String(nodes),
    String(listeners),
    String(gpu.bytes),
    String(gpu.buffers),
    `${(seconds[index] ?? 0).toFixed(1)} s`,
  ]);
  console.log(
    table([
      [
        ...["epoch", "heap MiB", "with Workers MiB", "nodes", "listeners"],
        ...["GPU bytes", "GPU buffers", "since the look before"],
      ],
      ...rows,
    ]),
  );
  const watched = [
    { what: "The page's heap in MiB", values: looks.map(({ heap }) => heap), mayGrow: 4 },
    {
      what: "The memory of the page and its Workers in MiB",
      values: looks.map(({ whole }) => whole),
      mayGrow: 8,
    },
    { what: "The number of the document's nodes", values: looks.map(({ nodes }) => nodes), mayGrow: 200 },
    { what: "The number of listeners", values: looks.map(({ listeners }) => listeners), mayGrow: 20 },
    // A sample may coincide with a readback, whose buffer exists only briefly. A leak is present in every sample.
    { what: "The GPU's memory in bytes", values: looks.map(({ gpu }) => gpu.bytes), mayGrow: 0, of: least },
    {
      what: "The number of the GPU's buffers",
      values: looks.map(({ gpu }) => gpu.buffers),
      mayGrow: 0,
      of: least,
    },
  ];
  return watched.flatMap((numbers) => growth(numbers) ?? []);
}

function least(values: readonly number[]): number {
  return Math.min(...values);
}
