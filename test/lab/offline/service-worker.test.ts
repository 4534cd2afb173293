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
  /** The server's response; by default the server cannot be reached. */
  readonly fetch?: () => Promise<Response>;
  readonly kept?: Response;
  /** A newer service worker that is waiting to replace this one. */
  readonly waiting?: { postMessage(message: unknown): void };
}

/** Runs the service worker; returns its listeners and the responses it stores, by address. */
function run(setting: Setting) {
  const listeners = new Map<string, (event: object) => void>();
  const self = {
    registration: { scope, waiting: setting.waiting ?? null },
    clients: { matchAll: async () => [] },
    addEventListener: (type: string, listener: (event: object) => void) => listeners.set(type, listener),
  };
  const put = vi.fn<(request: Request, response: Response) => Promise<void>>(async () => {});
  const caches = { open: async () => ({ match: async () => setting.kept, put }), delete: vi.fn() };
  const unreachable = () => Promise.reject(new TypeError("Failed to fetch"));
  new Function("self", "caches", "fetch", "Request", script)(
    self,
    caches,
    setting.fetch ?? unreachable,
    class extends Request {
      constructor(address: string, init: RequestInit) {
        super(new URL(address, scope), init);
      }
    },
  );
  return { listeners, put };
}

/** The service worker's response to a request; undefined if it leaves the request to the network. */
async function answerTo(request: { url: string; method?: string; mode?: string }, setting: Setting) {
  const { listeners } = run(setting);
  const respondWith = vi.fn<(answer: Promise<Response>) => void>();
  const event = { request: { method: "GET", mode: "cors", ...request }, respondWith, waitUntil: () => {} };
  listeners.get("fetch")?.(event);
  return respondWith.mock.calls[0]?.[0];
}

/** Installs the service worker; returns the responses it stores. */
async function install(fetch: () => Promise<Response>) {
  const { listeners, put } = run({ fetch });
  const waitUntil = vi.fn<(done: Promise<void>) => void>();
  listeners.get("install")?.({ waitUntil });
  const done = waitUntil.mock.calls[0]?.[0];
  return { done, kept: () => put.mock.calls.map(([{ url }, response]) => ({ url, response })) };
}

const isolating = (response: Response | undefined) => ({
  opener: response?.headers.get("Cross-Origin-Opener-Policy"),
  embedder: response?.headers.get("Cross-Origin-Embedder-Policy"),
});
const both = { opener: "same-origin", embedder: "require-corp" };

describe("the service worker", () => {
  test("stores every file with the headers", async () => {
    const headers = { "Content-Type": "text/javascript" };
    const { done, kept } = await install(async () => new Response("file", { headers }));
    await done;
    expect(
      kept()
        .map(({ url }) => url)
        .sort(),
    ).toEqual([scope, `${scope}worker.js`]);
    for (const { response } of kept()) {
      expect(isolating(response)).toEqual(both);
      expect(response.headers.get("Content-Type")).toBe("text/javascript");
      expect(await response.text()).toBe("file");
    }
  });

  test("stores nothing if a file is missing", async () => {
    let asked = 0;
    const { done, kept } = await install(async () => {
      asked += 1;
      return asked === 1 ? new Response("file") : new Response("none", { status: 404 });
    });
    await expect(done).rejects.toThrow("could not be fetched: 404");
    expect(kept()).toEqual([]);
  });

  test.each([
    ["the page", scope],
    ["the page by its name", `${scope}index.html`],
    ["a Worker's script", `${scope}worker.js`],
  ])("returns stored files: %s", async (_what, url) => {
    const kept = new Response("kept");
    expect(await answerTo({ url }, { kept })).toBe(kept);
  });

  test("adds the headers to fetched responses, replacing existing ones, and keeps the status", async () => {
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
    expect(answer?.headers.get("Refresh")).toBe("3");
    expect(await answer?.text()).toContain("controllerchange");
    expect(isolating(answer)).toEqual(both);
  });

  test("passes on a redirect, and the browser follows it", async () => {
    const redirect = Object.defineProperty(Response.error(), "type", { value: "opaqueredirect" });
    expect(await answerTo({ url: scope, mode: "navigate" }, { fetch: async () => redirect })).toBe(redirect);
  });

  test.each([
    ["another page in the same folder", { url: `${scope}other.html` }],
    ["another origin", { url: "https://elsewhere.example/worker.js" }],
    ["a request that sends data", { url: scope, method: "POST" }],
  ])("leaves %s to the network", async (_what, request) => {
    expect(await answerTo(request, {})).toBeUndefined();
  });
});
