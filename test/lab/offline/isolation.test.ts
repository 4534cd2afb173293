import { beforeEach, expect, test, vi } from "vitest";

beforeEach(() => vi.resetModules());

/** Opens the page in such a browser, and returns its state after all results are recorded. */
async function stateIn(browser: { crossOriginIsolated: boolean; serviceWorker?: object }): Promise<string> {
  const { crossOriginIsolated, serviceWorker } = browser;
  vi.stubGlobal("crossOriginIsolated", crossOriginIsolated);
  vi.stubGlobal("navigator", serviceWorker === undefined ? {} : { serviceWorker });
  const { followIsolation, isolation } = await import("../../../src/lab/offline/registration.ts");
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
    "the service worker added them",
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
    "the service worker added them without effect, so that the user is not asked to reload repeatedly",
    { crossOriginIsolated: false, serviceWorker: { controller: {}, ready: active } },
  ],
  ["not isolated", "the browser has no service workers", { crossOriginIsolated: false }],
])("the page is %s if %s", async (expected, _where, browser) => {
  expect(await stateIn(browser)).toBe(expected);
});
