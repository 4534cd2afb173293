import { chmodSync } from "node:fs";
import { join } from "node:path";
import { defineConfig, type Plugin } from "vite";
import { digits } from "./vite/digits-plugin.ts";
import { shaders } from "./vite/shaders.ts";

const outDir = "dist/cli";

/** The headless program for Node; its npm dependencies stay outside. */
export default defineConfig({
  plugins: [shaders(), digits(), executable("unsnow.js")],
  build: {
    ssr: "src/cli/unsnow.ts",
    ssrEmitAssets: true,
    outDir,
    target: "node20",
    minify: false,
    copyPublicDir: false,
    rolldownOptions: { checks: { pluginTimings: false } },
  },
});

/** Makes a built file a program that a shell can start. */
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
