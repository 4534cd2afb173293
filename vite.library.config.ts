import { defineConfig, type Plugin } from "vite";
import { nodeThread } from "./vite/node-thread.ts";
import { shaders } from "./vite/shaders.ts";
import { wasmKernels } from "./vite/wasm-kernels.ts";

/** The scripts of Workers, `new URL("./main.ts", import.meta.url)`: files that a page's bundler finds in this form. */
function workerScripts(): Plugin {
  return {
    name: "unsnow:worker-scripts",
    renderChunk(code) {
      const named = code.replace(
        /new URL\("(\.\/[\w-]+)\.ts", import\.meta\.url\)/g,
        'new URL("$1.js", import.meta.url)',
      );
      return named === code ? null : { code: named, map: null };
    },
  };
}

/**
 * The published library: one file per module, so that bundlers leave out what is not imported, with the shaders and the CPU's
 * kernels as text. Its npm dependencies are not bundled, nor are `#default-gpu` and `#cpu-threads`, which package.json resolves for
 * Node and for other environments.
 */
export default defineConfig({
  plugins: [shaders(), wasmKernels(), nodeThread(), workerScripts()],
  build: {
    // Does not replace globals of any environment.
    ssr: true,
    outDir: "dist/library",
    target: "es2023",
    minify: false,
    copyPublicDir: false,
    rolldownOptions: {
      input: [
        "src/index.ts",
        ...["src/library/web-gpu.ts", "src/dawn/default-gpu.ts"],
        ...["src/cpu/web-threads.ts", "src/cpu/web-thread-main.ts", "src/cpu/node-threads.ts"],
      ],
      external: ["#default-gpu", "#cpu-threads"],
      output: { preserveModules: true, preserveModulesRoot: "src", entryFileNames: "[name].js" },
      checks: { pluginTimings: false },
    },
  },
});
