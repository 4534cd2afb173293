import { rmSync } from "node:fs";
import { cp, mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { test as base } from "./page.ts";
import { StaticServer } from "./static-server.ts";

/** A path on a host, as for a project page. */
const path = "/some/where/";

/**
 * The folder of the built page. It is built once per worker; a worker-scoped fixture would need its own worker and
 * browser.
 */
let built: Promise<string> | undefined;

async function buildPage(): Promise<string> {
  // Loading Vite takes half a second, in Playwright itself and in each worker.
  const { build } = await import("vite");
  const { smallPage } = await import("../vite.config.ts");
  const root = await mkdtemp(join(tmpdir(), "unsnow-page-"));
  process.once("exit", () => rmSync(root, { recursive: true, force: true }));
  const folder = join(root, "built");
  await build({
    ...smallPage,
    configFile: false,
    logLevel: "warn",
    build: { ...smallPage.build, outDir: folder, emptyOutDir: true },
  });
  return folder;
}

/**
 * Tests of the page as built by `npm run build`, with fewer digits, served under a path by a plain server that can be
 * closed.
 */
export const test = base.extend<{ readonly server: StaticServer }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads a fixture's needs from this pattern.
  server: async ({}, use) => {
    built ??= buildPage();
    const server = new StaticServer(await built, path);
    await server.open();
    await use(server);
    await server.close();
  },

  // All requests of the page to the server matter here.
  filters: true,

  baseURL: async ({ server }, use) => use(server.origin),
});

/**
 * Replaces the served page with another version: a copy of it, modified by `change`. `spoil` modifies it again after
 * its list of files was written.
 */
export async function serveAnother(
  server: StaticServer,
  name: string,
  change: (folder: string) => Promise<void>,
  spoil?: (folder: string) => Promise<void>,
): Promise<void> {
  const { writeServiceWorker } = await import("../../vite/offline-plugin.ts");
  const folder = join(dirname(server.folder), name);
  await cp(server.folder, folder, { recursive: true });
  await change(folder);
  await writeServiceWorker(folder);
  await spoil?.(folder);
  server.folder = folder;
}
