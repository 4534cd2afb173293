import { join } from "node:path";
import { setUpBuild } from "./built.mjs";
import { root } from "./machine.mjs";

/** Builds the pages for the browser tests if a source has changed since the last build. */
export function setUpTestPage() {
  const vite = join(root, "node_modules", "vite", "bin", "vite.js");
  setUpBuild({
    what: "the page under test",
    folder: "e2e",
    result: "index.html",
    sources: [
      ...["src", "shaders", "wasm", "vite", "public", "index.html", "vite.config.ts", "package-lock.json"],
      ...["e2e/harness", "e2e/fixtures", "e2e/vite.config.ts"],
      ...["test/kernels", "test/training", "bench/webgpu-counts.ts"],
    ],
    steps: [[vite, "build", "--config", "e2e/vite.config.ts", "--logLevel", "warn"]],
    command: "npx vite build --config e2e/vite.config.ts",
  });
}
