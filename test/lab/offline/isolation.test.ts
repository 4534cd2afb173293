import { beforeEach, expect, test, vi } from "vitest";

beforeEach(() => vi.resetModules());

/** Opens the page in such a browser, and gives its state once all that is ready was noted. */
async function stateIn(browser: { crossOriginIsolated: boolean; serviceWorker?: object }): Promise<string> {
  const { crossOriginIsolated, serviceWorker } = browser;
  vi.stubGlobal("crossOriginIsolated", crossOriginIsolated);
  vi.stubGlobal("navigator", serviceWorker === undefined ? {} : { serviceWorker });
  const { followIsolation } = await import("../../../src/lab/offline/actions.ts");
  const { isolation } = await import("../../../src/lab/offline/state.ts");
  followIsolation();
  await new Promise((resolve) => setTimeout(resolve));
  return isolation.value;
}

const active = Promise.resolve({});
const never = new Promise(() => {});

test.each([
  ["isolated", "the server sends the headers", { crossOriginIsolated: true }],
  [
    "isolated",
    "the service worker sent them",
    { crossOriginIsolated: true, serviceWorker: { controller: {}, ready: active } },
  ],
  [
    "after a reload",
    "the service worker became active after the page was loaded",
    { crossOriginIsolated: false, serviceWorker: { controller: null, ready: active } },
  ],
  [
    "not isolated",
    "no service worker is active",
    { crossOriginIsolated: false, serviceWorker: { controller: null, ready: never } },
  ],
  [
    "not isolated",
    "the service worker sent them in vain, so that nobody is asked to reload again and again",
    { crossOriginIsolated: false, serviceWorker: { controller: {}, ready: active } },
  ],
  ["not isolated", "the browser has no service workers", { crossOriginIsolated: false }],
])("the page is %s where %s", async (expected, _where, browser) => {
  expect(await stateIn(browser)).toBe(expected);
});
