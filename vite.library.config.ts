import { defineConfig } from "vite";
import { nodeThread } from "./vite/node-thread.ts";
import { shaders } from "./vite/shaders.ts";
import { wasmKernels } from "./vite/wasm-kernels.ts";

/**
 * The library as it is published: a module a file, so that bundlers leave out what nobody imports, with the shaders as text.
 * Its npm dependencies stay outside, and so does `#default-gpu`, which package.json resolves for Node and for the rest.
 */
export default defineConfig({
  plugins: [shaders(), wasmKernels(), nodeThread()],
  build: {
    // Takes every environment's globals as they are.
    ssr: true,
    outDir: "dist/library",
    target: "es2023",
    minify: false,
    copyPublicDir: false,
    rolldownOptions: {
      input: ["src/index.ts", "src/library/web-gpu.ts", "src/dawn/default-gpu.ts", "src/cpu/web-threads.ts", "src/cpu/node-threads.ts"],
      external: ["#default-gpu", "#cpu-threads"],
      output: { preserveModules: true, preserveModulesRoot: "src", entryFileNames: "[name].js" },
      checks: { pluginTimings: false },
    },
  },
});
