import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";
import { contentSecurityPolicy } from "./vite/content-security-policy.ts";
import { digits } from "./vite/digits-plugin.ts";
import { crossOriginIsolation } from "./vite/isolation-plugin.ts";
import { offline } from "./vite/offline-plugin.ts";
import { preload } from "./vite/preload-plugin.ts";
import { shaders } from "./vite/shaders.ts";
import { wasmKernels } from "./vite/wasm-kernels.ts";
import { webManifest } from "./vite/web-manifest.ts";

/** The page: a folder of static files that works at any address. */
export default defineConfig({
  base: "./",
  resolve: { alias: { "#cpu-threads": fileURLToPath(new URL("src/cpu/web-threads.ts", import.meta.url)) } },
  plugins: [
    shaders(),
    wasmKernels(),
    crossOriginIsolation(),
    digits(),
    preload(),
    webManifest(),
    contentSecurityPolicy(),
    offline(),
  ],
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  worker: {
    format: "es",
    plugins: () => [shaders(), wasmKernels()],
    // What several scripts of the Worker share is one small script, and not one for each module.
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            {
              name: "checks",
              test: /src\/(spec\/(checks|input-error)|math\/(philox|streams))/,
              minShareCount: 2,
            },
          ],
        },
      },
    },
  },
  build: {
    outDir: "dist/page",
    target: "es2023",
    rolldownOptions: {
      checks: { pluginTimings: false },
      // What the page shares with a part that is loaded later is one script that it loads anyway, and not one for each module.
      output: {
        codeSplitting: {
          groups: [
            {
              name: "shared",
              test: /preload-helper|src\/lab\/(run\/actions|shared\/(controls|picture-files|format|scheduling)|views\/state)|src\/(math\/streams|metrics\/psnr|reference\/noise\.)/,
              minShareCount: 2,
            },
          ],
        },
      },
    },
  },
});
