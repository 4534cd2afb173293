import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test, vi } from "vitest";
import { writeServiceWorker } from "../../../vite/offline-plugin.ts";

const scope = "https://example.org/some/where/";
const folder = mkdtempSync(join(tmpdir(), "unsnow-service-worker-"));
afterAll(() => rmSync(folder, { recursive: true }));

writeFileSync(join(folder, "index.html"), "the page");
writeFileSync(join(folder, "worker.js"), "a Worker");
await writeServiceWorker(folder);
const script = readFileSync(join(folder, "service-worker.js"), "utf8");

interface Setting {
  /** What the server answers; by default it cannot be reached. */
  readonly fetch?: () => Promise<Response>;
  readonly kept?: Response;
  /** A newer service worker that waits to replace this one. */
  readonly waiting?: { postMessage(message: unknown): void };
}

/** Runs the service worker and gives its answer to a request; undefined if it leaves that to the network. */
async function answerTo(request: { url: string; method?: string; mode?: string }, setting: Setting) {
  const listeners = new Map<string, (event: object) => void>();
  const self = {
    registration: { scope, waiting: setting.waiting ?? null },
    clients: { matchAll: async () => [] },
    addEventListener: (type: string, listener: (event: object) => void) => listeners.set(type, listener),
  };
  const caches = { open: async () => ({ match: async () => setting.kept, put: async () => {} }) };
  const unreachable = () => Promise.reject(new TypeError("Failed to fetch"));
  new Function("self", "caches", "fetch", script)(self, caches, setting.fetch ?? unreachable);
  const respondWith = vi.fn<(answer: Promise<Response>) => void>();
  const event = { request: { method: "GET", mode: "cors", ...request }, respondWith, waitUntil: () => {} };
  listeners.get("fetch")?.(event);
  return respondWith.mock.calls[0]?.[0];
}

const isolating = (response: Response | undefined) => ({
  opener: response?.headers.get("Cross-Origin-Opener-Policy"),
  embedder: response?.headers.get("Cross-Origin-Embedder-Policy"),
});
const both = { opener: "same-origin", embedder: "require-corp" };

describe("the service worker", () => {
  test.each([
    ["the page", scope],
    ["the page by its name", `${scope}index.html`],
    ["a Worker's script", `${scope}worker.js`],
  ])("adds the headers to what is kept: %s", async (_what, url) => {
    const kept = new Response("kept", { headers: { "Content-Type": "text/javascript" } });
    const answer = await answerTo({ url }, { kept });
    expect(isolating(answer)).toEqual(both);
    expect(answer?.headers.get("Content-Type")).toBe("text/javascript");
    expect(await answer?.text()).toBe("kept");
  });

  test("adds them to what it fetches, in place of other ones, and keeps the status", async () => {
    const headers = { "Cross-Origin-Opener-Policy": "unsafe-none" };
    const fetched = new Response("none", { status: 404, statusText: "Not Found", headers });
    const answer = await answerTo({ url: `${scope}worker.js` }, { fetch: async () => fetched });
    expect(isolating(answer)).toEqual(both);
    expect(answer?.status).toBe(404);
    expect(await answer?.text()).toBe("none");
  });

  test("adds them to the page that loads a newer version", async () => {
    const waiting = { postMessage: vi.fn() };
    const answer = await answerTo({ url: scope, mode: "navigate" }, { waiting });
    expect(waiting.postMessage).toHaveBeenCalledOnce();
    expect(answer?.headers.get("Refresh")).toBe("0");
    expect(isolating(answer)).toEqual(both);
  });

  test("passes on a redirect, which the browser follows", async () => {
    const redirect = Object.defineProperty(Response.error(), "type", { value: "opaqueredirect" });
    expect(await answerTo({ url: scope, mode: "navigate" }, { fetch: async () => redirect })).toBe(redirect);
  });

  test.each([
    ["another page beside it", { url: `${scope}other.html` }],
    ["another origin", { url: "https://elsewhere.example/worker.js" }],
    ["what is sent", { url: scope, method: "POST" }],
  ])("leaves %s to the network", async (_what, request) => {
    expect(await answerTo(request, {})).toBeUndefined();
  });
});
