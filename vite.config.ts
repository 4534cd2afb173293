import { defineConfig } from "vite";
import { digits } from "./vite/digits-plugin.ts";
import { shaders } from "./vite/shaders.ts";

/** The page: a folder of static files that works under any address. */
export default defineConfig({
  base: "./",
  plugins: [shaders(), digits()],
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  worker: { format: "es", plugins: () => [shaders()] },
  build: {
    outDir: "dist/page",
    target: "es2023",
    rolldownOptions: { checks: { pluginTimings: false } },
  },
});
