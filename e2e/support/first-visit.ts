import type { Page, Request } from "@playwright/test";

/** Milliseconds without a long task after which a page counts as interactive (web.dev/articles/tti). */
const quiet = 5000;

/** Requests that may be under way in them. */
const mostRequests = 2;

interface Span {
  readonly start: number;
  readonly end: number;
}

/** What a visit came to, in milliseconds from the navigation on. */
export interface VisitTimes {
  readonly firstContentfulPaint: number;
  /** Digits were seen that the network for digits denoised. */
  readonly denoised: number;
  /** Train can be pressed. */
  readonly ready: number;
  /** As Lighthouse defines it: the end of the last long task before a quiet time; undefined where there was none. */
  readonly timeToInteractive: number | undefined;
  /** How much moved, all shifts together: 0.1 and less is good (web.dev/articles/cls). */
  readonly layoutShift: number;
}

/** A shift, of which TypeScript's DOM has nothing (wicg.github.io/layout-instability). */
interface LayoutShift extends PerformanceEntry {
  readonly value: number;
}

interface Seen {
  readonly longTasks: Span[];
  shifted: number;
  denoised?: number;
  ready?: number;
}

/** Follows the first visit that a page is opened for; to be made before the page is opened. */
export class FirstVisit {
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

  /** Waits until the page is usable and a quiet time has passed since, or could have. */
  async times(): Promise<VisitTimes> {
    const page = this.#page;
    await page.waitForFunction(() => {
      const { seen } = globalThis as unknown as { seen: Seen };
      return seen.ready !== undefined && seen.denoised !== undefined;
    });
    await page.waitForTimeout(quiet + 500);
    const { seen, origin, paint, now } = await page.evaluate(() => ({
      ...(globalThis as unknown as { seen: Seen }),
      seen: (globalThis as unknown as { seen: Seen }).seen,
      origin: performance.timeOrigin,
      paint: performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? Number.NaN,
      now: performance.now(),
    }));
    const busy = busySpans(
      this.#requests.map(({ start, end }) => ({ start: start - origin, end: end - origin })),
    );
    const timeToInteractive = interactiveAfter(paint, seen.longTasks, busy, now);
    const { denoised = Number.NaN, ready = Number.NaN } = seen;
    return { firstContentfulPaint: paint, denoised, ready, timeToInteractive, layoutShift: seen.shifted };
  }
}

/** When more requests were under way than a quiet time allows. */
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
