import { createHash } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { type Plugin, transformWithOxc } from "vite";
import { isolationHeaders } from "./isolation-plugin.ts";

const script = fileURLToPath(new URL("../src/lab/offline/service-worker.ts", import.meta.url));

/**
 * Large files that not every user needs are cached when the page requests them. The page opens with the network for
 * digits.
 */
const wantedByFew = /^models\/(?!digits\.)/;

/** Adds the service worker to the built page, with the list of all files and the headers that it adds. */
export function offline(): Plugin {
  return {
    name: "unsnow:offline",
    apply: "build",
    writeBundle: {
      order: "post",
      sequential: true,
      handler: ({ dir = "" }) => writeServiceWorker(dir),
    },
  };
}

/** Writes `service-worker.js` into a folder of a built page. */
export async function writeServiceWorker(folder: string): Promise<void> {
  const { code } = await transformWithOxc(readFileSync(script, "utf8"), script, { sourcemap: false });
  const built = { ...builtFiles(folder), headers: isolationHeaders };
  const list = `const built = ${JSON.stringify(built, undefined, 2)};\n`;
  writeFileSync(join(folder, "service-worker.js"), list + code);
}

/** The list of a folder's files for the service worker. */
function builtFiles(folder: string) {
  const names = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name !== "service-worker.js")
    .map(({ parentPath, name }) => relative(folder, join(parentPath, name)).replaceAll("\\", "/"))
    .sort();
  const hashes = names.map((name): [string, string] => [name, integrityOf(readFileSync(join(folder, name)))]);
  const version = createHash("sha256").update(JSON.stringify(hashes)).digest("hex").slice(0, 16);
  const needed = hashes.filter(([name]) => !wantedByFew.test(name));
  const others = names.filter((name) => wantedByFew.test(name));
  // Servers send a folder's page for the folder's address, and some redirect index.html to it.
  const addressed = needed.map(([name, hash]) => [name === "index.html" ? "./" : name, hash]);
  return { version, needed: Object.fromEntries(addressed), others };
}

/** The hash in the format of subresource integrity (w3.org/TR/SRI). */
function integrityOf(bytes: Uint8Array): string {
  return `sha256-${createHash("sha256").update(bytes).digest("base64")}`;
}
