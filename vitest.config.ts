import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";
import { shaders } from "./vite/shaders.ts";

export default defineConfig({
  plugins: [shaders()],
  // As package.json has it for Node, in the sources.
  resolve: { alias: { "#default-gpu": fileURLToPath(new URL("src/dawn/default-gpu.ts", import.meta.url)) } },
  test: {
    include: ["test/**/*.test.ts"],
    pool: "forks",
    maxWorkers: 2,
    // Bounds a hang, not a speed: software GPUs on shared machines are slow.
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
