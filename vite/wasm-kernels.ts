import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import asc from "assemblyscript/asc";
import type { Plugin } from "vite";
import { cache, writeWhole } from "./cache.ts";

const root = fileURLToPath(new URL("..", import.meta.url));

/** Pages of 64 KiB: 4 GiB, the limit of 32-bit addresses. */
const mostPages = 65_536;

const options = [
  ...["--outFile", "kernels.wasm", "--baseDir", root],
  ...["-O3", "--converge", "--noAssert", "--runtime", "stub", "--importMemory", "--use", "abort="],
  // Disables warnings: addresses are 32 bits wide, like the numbers added to them, and no vector leaves the module.
  ...["--disableWarning", "201", "--disableWarning", "112"],
  ...["--enable", "simd", "--enable", "bulk-memory"],
];

/** The features of a build beyond SIMD. */
const builds: Readonly<Record<string, readonly string[]>> = {
  simd: [],
  "simd-shared": ["threads"],
  relaxed: ["relaxed-simd"],
  "relaxed-shared": ["relaxed-simd", "threads"],
};

/**
 * Makes `import kernels from "…/wasm/index.ts?relaxed-shared"` return the bytes of the kernels' WebAssembly module,
 * compiled from AssemblyScript. They are embedded in the JavaScript as text, which every bundler and host serves like
 * any other script.
 */
export function wasmKernels(): Plugin {
  return {
    name: "unsnow:wasm-kernels",
    enforce: "pre",
    async load(id) {
      const [file = id, query = ""] = id.split("?");
      const build = query.split("&").find((part) => part in builds);
      if (!file.endsWith("wasm/index.ts") || build === undefined) return null;
      for (const source of await sources()) this.addWatchFile(source);
      const text = Buffer.from(await compileKernels(build)).toString("base64");
      return {
        code: `export default Uint8Array.from(atob("${text}"), (letter) => letter.charCodeAt(0));`,
        map: null,
      };
    },
  };
}

/** The bytes of a build of an entry, compiled unless cached; throws an Error with the compiler's messages. */
export async function compileKernels(build: string, entry = "wasm/index.ts"): Promise<Uint8Array> {
  const features = (builds[build] ?? []).flatMap((feature) => ["--enable", feature]);
  const memory = build.endsWith("shared")
    ? ["--sharedMemory", "--initialMemory", "1", "--maximumMemory", String(mostPages)]
    : [];
  const all = [entry, ...options, ...memory, ...features];
  const kept = join(cache, `kernels-${await digest(all)}.wasm`);
  const found = await readFile(kept).catch(() => undefined);
  if (found) return found;
  let binary = new Uint8Array();
  const { error, stderr } = await asc.main(all, {
    readFile: (name, base) => readFile(join(base, name), "utf8").catch(() => null),
    writeFile: (_name, contents) => {
      if (typeof contents !== "string") binary = Uint8Array.from(contents);
    },
    listFiles: (folder, base) => readdir(join(base, folder)).catch(() => null),
  });
  if (error) throw new Error(`The kernels of ${entry} did not compile: ${stderr.toString()}`);
  writeWhole(kept, binary);
  return binary;
}

async function sources(): Promise<string[]> {
  const names = await readdir(join(root, "wasm"), { recursive: true });
  return names
    .filter((name) => name.endsWith(".ts"))
    .map((name) => join(root, "wasm", name))
    .sort();
}

async function digest(settings: readonly string[]): Promise<string> {
  const hash = createHash("sha256").update(
    JSON.stringify([asc.version, settings.map((one) => one.replace(root, ""))]),
  );
  for (const source of [...(await sources()), join(root, settings[0] ?? "")])
    hash.update(await readFile(source));
  return hash.digest("hex").slice(0, 16);
}
