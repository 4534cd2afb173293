import { defineConfig } from "vitest/config";
import { shaders } from "./vite/shaders.ts";

export default defineConfig({
  plugins: [shaders()],
  test: {
    include: ["test/**/*.test.ts"],
    pool: "forks",
    maxWorkers: 2,
  },
});
