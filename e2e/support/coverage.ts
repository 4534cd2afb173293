import { randomUUID } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { CDPSession, Page } from "@playwright/test";

/** The folder for the coverage of pages and their Workers in `npm run coverage`. */
const folder = process.env.UNSNOW_COVERAGE;

/** V8's counts for one script (chromedevtools.github.io/devtools-protocol/v8/Profiler). */
interface ScriptCoverage {
  readonly url: string;
  readonly functions: readonly unknown[];
}

/** The interval of taking counts in milliseconds: the counts of a Worker are lost when it ends. */
const interval = 1000;

/**
 * Counts what the page and its Workers execute, and writes it below UNSNOW_COVERAGE; does nothing if that is not set.
 * Returns a function that ends it, to be called while the page is still open.
 */
export async function countCoverage(page: Page): Promise<() => Promise<void>> {
  if (folder === undefined) return async () => {};
  mkdirSync(folder, { recursive: true });
  const session = await page.context().newCDPSession(page);
  const workers = await followWorkers(session);
  await session.send("Profiler.enable");
  await session.send("Profiler.startPreciseCoverage", { callCount: true, detailed: true });

  const take = async () => {
    const own = await session
      .send("Profiler.takePreciseCoverage")
      .then(({ result }) => result)
      .catch(() => []);
    const all: ScriptCoverage[] = [...own, ...(await workers.take())];
    const scripts = all.filter(({ url }) => /^https?:/.test(url));
    if (scripts.length > 0) writeFileSync(join(folder, `${randomUUID()}.json`), JSON.stringify(scripts));
  };

  let ended = false;
  let underWay = Promise.resolve();
  const takeAgain = () => {
    underWay = underWay.then(take);
    return underWay;
  };
  const timer = setInterval(() => void takeAgain(), interval);
  const [goto, reload] = [page.goto.bind(page), page.reload.bind(page)];
  page.goto = async (...args) => {
    if (!ended) await takeAgain();
    return goto(...args);
  };
  page.reload = async (...args) => {
    if (!ended) await takeAgain();
    return reload(...args);
  };
  return async () => {
    clearInterval(timer);
    await takeAgain();
    ended = true;
  };
}

/** Workers are reached through messages over the page's session, because Playwright has no sessions for them. */
async function followWorkers(session: CDPSession): Promise<{ take: () => Promise<ScriptCoverage[]> }> {
  const waiting = new Map<string, (result: unknown) => void>();
  const living = new Set<string>();
  let count = 0;
  const ask = (sessionId: string, method: string, params = {}) => {
    count += 1;
    const id = count;
    return new Promise<unknown>((resolve) => {
      waiting.set(`${sessionId} ${id}`, resolve);
      const message = JSON.stringify({ id, method, params });
      session.send("Target.sendMessageToTarget", { sessionId, message }).catch(() => resolve(undefined));
    });
  };
  session.on("Target.receivedMessageFromTarget", ({ sessionId, message }) => {
    const { id, result } = JSON.parse(message) as { id?: number; result?: unknown };
    const key = `${sessionId} ${id}`;
    waiting.get(key)?.(result);
    waiting.delete(key);
  });
  session.on("Target.attachedToTarget", ({ sessionId }) => {
    living.add(sessionId);
    void ask(sessionId, "Profiler.enable");
    void ask(sessionId, "Profiler.startPreciseCoverage", { callCount: true, detailed: true });
    void ask(sessionId, "Runtime.runIfWaitingForDebugger");
  });
  session.on("Target.detachedFromTarget", ({ sessionId }) => {
    living.delete(sessionId);
    for (const [key, resolve] of waiting) {
      if (!key.startsWith(`${sessionId} `)) continue;
      waiting.delete(key);
      resolve(undefined);
    }
  });
  await session.send("Target.setAutoAttach", {
    autoAttach: true,
    waitForDebuggerOnStart: true,
    flatten: false,
  });
  return {
    take: async () => {
      const results = await Promise.all(
        [...living].map((sessionId) => ask(sessionId, "Profiler.takePreciseCoverage")),
      );
      return results.flatMap((found) => (found as { result?: ScriptCoverage[] } | undefined)?.result ?? []);
    },
  };
}
