import { join } from "node:path";
import { setUpBuild } from "./built.mjs";
import { root } from "./machine.mjs";

/** The folders of src/ that the library uses. */
const floors = [
  ...["spec", "math", "data", "metrics", "filters", "reference", "device", "cpu", "gpu", "kernels", "dawn"],
  ...["network", "training", "engine", "formats", "library"],
];

/** Builds the library, its declarations and their report if a source has changed since the last build. */
export function setUpLibrary() {
  const vite = join(root, "node_modules", "vite", "bin", "vite.js");
  const tsc = join(root, "node_modules", "typescript", "bin", "tsc");
  setUpBuild({
    what: "the library",
    folder: "library",
    // The last file to be written.
    result: "../types/unsnow.api.md",
    sources: [
      ...["src/index.ts", "src/wgsl.d.ts", "src/wasm.d.ts", "src/tsconfig.json", "tsconfig.base.json"],
      ...floors.map((floor) => `src/${floor}`),
      ...["shaders", "wasm", "scripts/setup", "vite.library.config.ts", "package-lock.json"],
      ...["vite/cache.ts", "vite/shaders.ts", "vite/wasm-kernels.ts", "vite/node-thread.ts"],
      ...["api/declarations.mjs", "api/tsconfig.json", "api/package-lock.json"],
    ],
    steps: [
      [vite, "build", "--config", "vite.library.config.ts", "--logLevel", "warn"],
      [tsc, "-p", "api/tsconfig.json"],
      ["api/declarations.mjs"],
    ],
    command: "npm run build:library",
  });
}
