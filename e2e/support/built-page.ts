import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "vite";
import { smallPage } from "../vite.config.ts";
import { test as base } from "./page.ts";
import { StaticServer } from "./static-server.ts";

/** A path within a host, as a page of a project has. */
const path = "/some/where/";

interface BuiltPage {
  /** The folder of the built page. */
  readonly built: string;
}

/** Tests of the page as `npm run build` makes it, with fewer digits, served from a path of its own by a plain server that can be closed. */
export const test = base.extend<{ readonly server: StaticServer }, BuiltPage>({
  built: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads a fixture's needs from this pattern.
    async ({}, use) => {
      const folder = await mkdtemp(join(tmpdir(), "unsnow-page-"));
      await build({
        ...smallPage,
        configFile: false,
        logLevel: "warn",
        build: { ...smallPage.build, outDir: folder, emptyOutDir: true },
      });
      await use(folder);
      await rm(folder, { recursive: true });
    },
    { scope: "worker", timeout: 120_000 },
  ],

  server: async ({ built }, use) => {
    const server = new StaticServer(built, path);
    await server.open();
    await use(server);
    await server.close();
  },

  // All that the page asks the server for is of account here.
  filters: true,

  baseURL: async ({ server }, use) => use(server.origin),
});
