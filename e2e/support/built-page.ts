import { rmSync } from "node:fs";
import { cp, mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { policy } from "../../vite/content-security-policy.ts";
import { isolationHeaders } from "../../vite/isolation-plugin.ts";
import { test as base } from "./page.ts";
import { StaticServer } from "./static-server.ts";

/** A path below the root of a host, where the page of a project may be. */
const path = "/some/where/";

/** The folder of the built page. Each worker builds it once; a worker fixture would need a separate worker and browser. */
let built: Promise<string> | undefined;

async function buildPage(): Promise<string> {
  // Vite takes half a second to load, in Playwright itself and in each worker.
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

/** Tests of the page that `npm run build` makes, with fewer digits, served under its own path by a static server that can be closed. */
export const test = base.extend<{
  readonly server: StaticServer;
  /** Whether the server sends all files with the page's policy and with the headers that isolate the page; few hosts do. */
  readonly sendsHeaders: boolean;
}>({
  sendsHeaders: [false, { option: true }],

  server: async ({ sendsHeaders }, use) => {
    built ??= buildPage();
    const headers = sendsHeaders ? { ...isolationHeaders, "Content-Security-Policy": policy } : {};
    const server = new StaticServer(await built, path, headers);
    await server.open();
    await use(server);
    await server.close();
  },

  // These tests check every request that the page sends, including those of the filters.
  filters: true,

  baseURL: async ({ server }, use) => use(server.origin),
});

/**
 * Serves another version of the page in place of the current one: a copy that `change` has modified. `spoil` changes it
 * again after its list of files was written.
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
