import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";
import { nodeThread } from "./vite/node-thread.ts";
import { shaders } from "./vite/shaders.ts";
import { wasmKernels } from "./vite/wasm-kernels.ts";

const long = "test/**/*.long.test.ts";
const lab = "test/lab/**/*.test.ts";
const gpu = "test/**/*.gpu.test.ts";

export default defineConfig(({ mode }) => ({
  plugins: [shaders(), wasmKernels(), nodeThread()],
  // The sources of what package.json resolves for Node.
  resolve: {
    alias: {
      "#default-gpu": fileURLToPath(new URL("src/dawn/default-gpu.ts", import.meta.url)),
      "#cpu-threads": fileURLToPath(new URL("src/cpu/node-threads.ts", import.meta.url)),
    },
  },
  test: {
    pool: "forks",
    // The limit is for hangs, not for speed: software GPUs on shared machines are slow.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    projects: [
      {
        extends: true,
        mode,
        test: {
          name: "plain",
          include: ["test/**/*.test.ts"],
          exclude: [lab, gpu, long],
          isolate: false,
          maxWorkers: 2,
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        mode,
        // Each file in a separate thread, because the page's modules hold its state.
        test: {
          name: "lab",
          include: [lab],
          exclude: [gpu, long],
          pool: "threads",
          maxWorkers: 2,
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        mode,
        // One process and one device for all files, so that each kernel is compiled once; a software GPU uses all cores anyway.
        test: {
          name: "gpu",
          include: [gpu],
          exclude: [long],
          isolate: false,
          maxWorkers: 1,
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        mode,
        test: {
          name: "long",
          include: [long],
          maxWorkers: 2,
          sequence: { groupOrder: 2 },
          testTimeout: 1_200_000,
          hookTimeout: 1_200_000,
        },
      },
    ],
  },
}));
