import { defineConfig } from "@playwright/test";
import { findBrowser } from "./scripts/setup/find-browser.mjs";

const port = 41_735;
const address = `http://127.0.0.1:${port}`;
const browser = findBrowser();

/** A software GPU, the same everywhere; UNSNOW_GPU=native tests on the real one. */
const gpu = process.env.UNSNOW_GPU === "native" ? [] : ["--use-webgpu-adapter=swiftshader"];

/** Chromium does not call home. */
const offline = [
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--disable-quic",
];

export default defineConfig({
  testDir: "e2e",
  workers: 1,
  // Bounds a hang, not a speed, as in vitest.config.ts.
  timeout: 120_000,
  forbidOnly: Boolean(process.env.CI),
  // A software GPU and the browser share the machine's few cores: what fails once is tried once more, and listed as flaky.
  retries: process.env.CI ? 1 : 0,
  reporter: [["list"]],
  use: {
    baseURL: address,
    launchOptions: {
      ...(browser === undefined ? {} : { executablePath: browser }),
      args: ["--no-sandbox", "--enable-unsafe-webgpu", ...gpu, ...offline],
    },
    screenshot: "only-on-failure",
  },
  webServer: {
    command: `node node_modules/vite/bin/vite.js --host 127.0.0.1 --port ${port} --strictPort`,
    url: address,
    reuseExistingServer: !process.env.CI,
  },
});
