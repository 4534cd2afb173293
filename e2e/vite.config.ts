import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { defineConfig, type Plugin, type UserConfig } from "vite";
import { digits } from "../vite/digits-plugin.ts";
import page from "../vite.config.ts";

/** One of this number of digits is kept, 500 of 10,000, so that runs in the tests are short. */
const every = 20;

/** The page as `npm run build` makes it, with fewer digits and smaller networks. */
export const smallPage: UserConfig = {
  ...page,
  plugins: [
    ...(page.plugins ?? []).map((plugin) => (isDigits(plugin) ? digits(every) : plugin)),
    smallNetworks(),
  ],
};

/**
 * What the browser tests open: that page, and the pages of e2e/harness, which run kernels, trainings and the library without the
 * page. Paths are relative to the repository.
 */
export default defineConfig({
  ...smallPage,
  // A path without a file is not found, instead of returning the page.
  appType: "mpa",
  // The sources of the modules that package.json selects for browsers.
  resolve: {
    alias: {
      ...page.resolve?.alias,
      "#default-gpu": fileURLToPath(new URL("../src/library/web-gpu.ts", import.meta.url)),
    },
  },
  build: {
    ...page.build,
    // For `npm run coverage`: unminified code, so that each statement can be located.
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

/**
 * Replaces the shipped networks by small ones, because convolutions take seconds to compile on a software GPU, and minutes for a
 * photograph on a busy machine. The one for digits is 784-64-784, with 16.7 dB on held-out digits, trained by
 *   unsnow train --hidden 64 --optimizer adam --schedule cosine --epochs 24 --lr 0.002 --seed 1
 * and the one for photographs, with 25.4 dB on patches of 19.1 dB, on forty photographs of 180 x 180 pixels by
 *   unsnow train --data photos --patch 32 --batch 32 --patches 32768 --hidden conv:16x3 --block 2 --noise-map
 *     --noise gaussian:0..0.3+unclipped --output residual --loss mse --optimizer adam --lr 0.004 --schedule cosine --epochs 1 --seed 1
 * Both were exported with --dtype F16.
 */
function smallNetworks(): Plugin {
  const sourceOf = (name: string) => readFileSync(new URL(`fixtures/${name}.safetensors`, import.meta.url));
  return {
    name: "unsnow:small-networks",
    generateBundle() {
      for (const file of readdirSync(new URL("../public/models", import.meta.url))) {
        const source = sourceOf(file.startsWith("photo") ? "photo" : "digits");
        this.emitFile({ type: "asset", fileName: `models/${file}`, source });
      }
    },
  };
}

function isDigits(plugin: unknown): boolean {
  return typeof plugin === "object" && plugin !== null && "name" in plugin && plugin.name === "unsnow:digits";
}
