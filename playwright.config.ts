import { defineConfig } from "@playwright/test";
import { findBrowser } from "./scripts/setup/find-browser.mjs";

/** UNSNOW_PORT lets two test runs use different ports. */
const port = Number(process.env.UNSNOW_PORT ?? 41_735);
const address = `http://127.0.0.1:${port}`;
const browser = findBrowser();

/** A software GPU, the same on all machines; UNSNOW_GPU=native tests on the real one. */
const gpu = process.env.UNSNOW_GPU === "native" ? [] : ["--use-webgpu-adapter=swiftshader"];

/** Keeps Chromium from sending its own requests. */
const offline = [
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--disable-quic",
];

export default defineConfig({
  testDir: "e2e",
  // `npm test` runs the first, `npm run test:long` the second.
  projects: [
    { name: "page", testIgnore: /\.long\.spec\.ts$/ },
    { name: "long", testMatch: /\.long\.spec\.ts$/ },
  ],
  workers: 2,
  // The limit is for hangs, not for speed, as in vitest.config.ts.
  timeout: 120_000,
  forbidOnly: Boolean(process.env.CI),
  retries: 0,
  reporter: [["list"]],
  use: {
    baseURL: address,
    // A service worker would answer requests that tests intercept; its own tests allow it.
    serviceWorkers: "block",
    launchOptions: {
      ...(browser === undefined ? {} : { executablePath: browser }),
      args: ["--no-sandbox", "--enable-unsafe-webgpu", ...gpu, ...offline],
    },
    screenshot: "only-on-failure",
    // Animations use a core; the tests of motion allow them.
    contextOptions: { reducedMotion: "reduce" },
  },
  webServer: {
    command: `node scripts/setup.mjs test-page && node node_modules/vite/bin/vite.js preview --config e2e/vite.config.ts --port ${port}`,
    url: address,
    reuseExistingServer: false,
  },
});
