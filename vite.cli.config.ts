import { chmodSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { defineConfig, type Plugin } from "vite";
import { digits } from "./vite/digits-plugin.ts";
import { nodeThread } from "./vite/node-thread.ts";
import { shaders } from "./vite/shaders.ts";
import { wasmKernels } from "./vite/wasm-kernels.ts";

const outDir = "dist/cli";

/** The program for Node, with the scripts of its threads and the models of public/; its npm dependencies are not bundled. */
export default defineConfig({
  plugins: [shaders(), wasmKernels(), nodeThread(), digits(), executable("unsnow.js")],
  resolve: { alias: { "#cpu-threads": fileURLToPath(new URL("src/cpu/node-threads.ts", import.meta.url)) } },
  build: {
    ssr: true,
    ssrEmitAssets: true,
    outDir,
    target: "node20",
    minify: false,
    // For `npm run coverage`.
    sourcemap: process.env.UNSNOW_COVERAGE !== undefined,
    copyPublicDir: true,
    rolldownOptions: {
      input: ["src/cli/unsnow.ts", "src/cli/filter-worker.ts"],
      // In one folder, where they find each other and the digits.
      output: { chunkFileNames: "[name].js" },
      checks: { pluginTimings: false },
    },
  },
});

/** Makes a built file executable from a shell. */
function executable(fileName: string): Plugin {
  return {
    name: "unsnow:executable",
    renderChunk: {
      order: "post",
      handler: (code, chunk) =>
        chunk.fileName === fileName && !code.startsWith("#!") ? `#!/usr/bin/env node\n${code}` : null,
    },
    writeBundle: () => chmodSync(join(outDir, fileName), 0o755),
  };
}
