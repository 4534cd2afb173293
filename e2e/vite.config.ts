import { fileURLToPath } from "node:url";
import { defineConfig, type UserConfig } from "vite";
import { digits } from "../vite/digits-plugin.ts";
import page from "../vite.config.ts";

/** One digit of so many is left, 500 of 10,000: runs of the tests take moments. */
const every = 20;

/** The page as `npm run build` makes it, with fewer digits. */
export const smallPage: UserConfig = {
  ...page,
  plugins: (page.plugins ?? []).map((plugin) => (isDigits(plugin) ? digits(every) : plugin)),
};

/**
 * What the browser's tests open: that page, and beside it the pages of e2e/harness, which
 * run kernels, trainings and the library without the page. Paths are relative to the repository.
 */
export default defineConfig({
  ...smallPage,
  // A path that is no file is not found, instead of the page.
  appType: "mpa",
  // As package.json has it for browsers, in the sources.
  resolve: {
    alias: { "#default-gpu": fileURLToPath(new URL("../src/library/web-gpu.ts", import.meta.url)) },
  },
  build: {
    ...page.build,
    // For `npm run coverage`: code as it is written, so that each statement is found again.
    ...(process.env.UNSNOW_COVERAGE !== undefined && { sourcemap: true, minify: false }),
    outDir: "dist/e2e",
    emptyOutDir: true,
    rolldownOptions: {
      ...page.build?.rolldownOptions,
      input: ["index.html", ...["kernels", "counts", "library"].map((name) => `e2e/harness/${name}.html`)],
    },
  },
  preview: { host: "127.0.0.1", strictPort: true },
});

function isDigits(plugin: unknown): boolean {
  return typeof plugin === "object" && plugin !== null && "name" in plugin && plugin.name === "unsnow:digits";
}
