import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import type { Page, Request } from "@playwright/test";
import type { StaticServer } from "../../e2e/support/static-server.ts";
import type { Figure, OpenPage } from "./lab.ts";
import { hardest, tasksWhile } from "./tasks.ts";

/** Milliseconds without a long task after which a page counts as interactive (web.dev/articles/tti). */
const quiet = 5000;

/** The maximum number of concurrent requests in that time. */
const mostRequests = 2;

interface Span {
  readonly start: number;
  readonly end: number;
}

/** Requested after the page is usable: for the filters, and for offline use. */
const comesLater = /filter-worker|service-worker|icon-|manifest/;

/** Opens the page for the first time: measures when it shows content and is usable, and counts its requests. */
export async function firstVisit({ lab, server }: OpenPage): Promise<Figure[]> {
  const { page } = lab;
  const visit = await FirstVisit.follow(page);
  let asked: string[] = [];
  const tasks = await tasksWhile(page, async () => {
    await page.goto(lab.address());
    await visit.usable();
    asked = [...new Set(server.requests)].filter((name) => !comesLater.test(name));
  });
  return [
    ...(await visit.figures()),
    { what: "hardest task while the page opens", value: hardest(tasks), unit: "ms" },
    { what: "requests until it is usable", value: asked.length, unit: "" },
    { what: "scripts until it is usable, gzipped", value: await scriptKilobytes(server, asked), unit: "kB" },
  ];
}

/** Kilobytes of the scripts among these files, gzipped. */
async function scriptKilobytes(server: StaticServer, names: readonly string[]): Promise<number> {
  const scripts = names.filter((name) => name.endsWith(".js"));
  const files = await Promise.all(scripts.map((name) => readFile(join(server.folder, name))));
  return files.reduce((sum, file) => sum + gzipSync(file).length, 0) / 1000;
}

/** A layout shift, which TypeScript's DOM types lack (wicg.github.io/layout-instability). */
interface LayoutShift extends PerformanceEntry {
  readonly value: number;
}

interface Seen {
  readonly longTasks: Span[];
  shifted: number;
  denoised?: number;
  ready?: number;
}

/** Observes the first visit of a page; create it before the page is opened. */
class FirstVisit {
  readonly #page: Page;
  readonly #begun = new Map<Request, number>();
  readonly #requests: Span[] = [];

  private constructor(page: Page) {
    this.#page = page;
    const end = (request: Request) => {
      const start = this.#begun.get(request);
      if (start !== undefined) this.#requests.push({ start, end: Date.now() });
    };
    page.on("request", (request) => this.#begun.set(request, Date.now()));
    page.on("requestfinished", end);
    page.on("requestfailed", end);
  }

  static async follow(page: Page): Promise<FirstVisit> {
    await page.addInitScript(() => {
      const seen: Seen = { longTasks: [], shifted: 0 };
      Object.assign(globalThis, { seen });
      new PerformanceObserver((list) => {
        for (const { startTime, duration } of list.getEntries())
          seen.longTasks.push({ start: startTime, end: startTime + duration });
      }).observe({ type: "longtask", buffered: true });
      new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) seen.shifted += (entry as LayoutShift).value;
      }).observe({ type: "layout-shift", buffered: true });
      const look = () => {
        const { textContent } = document.querySelector(".run-status") ?? {};
        if (document.querySelector(".snow canvas")) seen.denoised ??= performance.now();
        if (textContent?.startsWith("Ready")) seen.ready ??= performance.now();
        requestAnimationFrame(look);
      };
      requestAnimationFrame(look);
    });
    return new FirstVisit(page);
  }

  /** Waits until the page is usable. */
  async usable(): Promise<void> {
    await this.#page.waitForFunction(
      () => {
        const { seen } = globalThis as unknown as { seen: Seen };
        return seen.ready !== undefined && seen.denoised !== undefined;
      },
      null,
      // Polling costs the page time.
      { polling: 500 },
    );
  }

  /**
   * Waits until a quiet time has passed, or could have; times are in milliseconds from the start of the navigation.
   */
  async figures(): Promise<Figure[]> {
    const page = this.#page;
    await page.waitForTimeout(quiet + 500);
    const { seen, origin, paint, now } = await page.evaluate(() => ({
      seen: (globalThis as unknown as { seen: Seen }).seen,
      origin: performance.timeOrigin,
      paint: performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? Number.NaN,
      now: performance.now(),
    }));
    const busy = busySpans(
      this.#requests.map(({ start, end }) => ({ start: start - origin, end: end - origin })),
    );
    const interactive = interactiveAfter(paint, seen.longTasks, busy, now);
    return [
      { what: "first contentful paint", value: paint, unit: "ms" },
      { what: "digits denoised", value: seen.denoised ?? Number.NaN, unit: "ms" },
      { what: "Train can be pressed", value: seen.ready ?? Number.NaN, unit: "ms" },
      // As in Lighthouse: the end of the last long task before a quiet time.
      { what: "time to interactive", value: interactive ?? Number.NaN, unit: "ms" },
      // 0.1 or less is good (web.dev/articles/cls).
      { what: "layout shift", value: seen.shifted, unit: "" },
    ];
  }
}

/** The spans with more concurrent requests than a quiet time allows. */
function busySpans(requests: readonly Span[]): Span[] {
  const changes = requests.flatMap(({ start, end }) => [
    { at: start, by: 1 },
    { at: end, by: -1 },
  ]);
  changes.sort((one, other) => one.at - other.at);
  const spans: Span[] = [];
  let underway = 0;
  let since = 0;
  for (const { at, by } of changes) {
    const before = underway;
    underway += by;
    if (before <= mostRequests && underway > mostRequests) since = at;
    if (before > mostRequests && underway <= mostRequests) spans.push({ start: since, end: at });
  }
  return spans;
}

/** The end of the last long task before the first quiet time after `paint`. */
function interactiveAfter(
  paint: number,
  longTasks: readonly Span[],
  busy: readonly Span[],
  now: number,
): number | undefined {
  let quietSince = paint;
  for (const { start, end } of [...longTasks, ...busy].sort((one, other) => one.start - other.start)) {
    if (start - quietSince >= quiet) break;
    quietSince = Math.max(quietSince, end);
  }
  if (now - quietSince < quiet) return undefined;
  const ends = longTasks.map(({ end }) => end).filter((end) => end <= quietSince);
  return Math.max(paint, ...ends);
}
