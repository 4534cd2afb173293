import { fileURLToPath } from "node:url";
import { defineConfig, type Plugin } from "vite";
import { nodeThread } from "../../vite/node-thread.ts";
import { shaders } from "../../vite/shaders.ts";
import { wasmKernels } from "../../vite/wasm-kernels.ts";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** What runs in an archive of scripts/on-gpu.mjs, for Node; the npm packages that the program uses are not bundled. */
export default defineConfig({
  root: here("../.."),
  plugins: [shaders(), wasmKernels(), nodeThread(), digitsOfProgram()],
  resolve: { alias: { "#cpu-threads": here("../../src/cpu/node-threads.ts") } },
  build: {
    ssr: true,
    outDir: here("../../dist/on-gpu"),
    emptyOutDir: true,
    copyPublicDir: false,
    target: "node20",
    minify: false,
    rolldownOptions: {
      input: [here("main.ts"), here("../../scripts/on-gpu/run.mjs")],
      output: { chunkFileNames: "[name].js" },
      checks: { pluginTimings: false },
    },
  },
});

/** Imports digits.ts of this folder for vite/digits.ts. */
function digitsOfProgram(): Plugin {
  return {
    name: "unsnow:digits-of-program",
    enforce: "pre",
    resolveId: (source) => (/\/vite\/digits\.ts$/.test(source) ? here("digits.ts") : null),
  };
}
