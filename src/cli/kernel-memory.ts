import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { type FamilyMemory, readChoices } from "../training/family-memory.ts";

/** The kernels that proved fastest, by adapter, network and batch. */
export interface KernelMemory extends FamilyMemory {
  /** All that is remembered; empty if nothing can be read. */
  all(): Promise<Readonly<Record<string, string>>>;
}

/** Where the system keeps what can be made again. */
export function cacheFolder(
  { XDG_CACHE_HOME, LOCALAPPDATA }: Readonly<Record<string, string | undefined>>,
  platform: NodeJS.Platform,
  home: string,
): string {
  if (platform === "win32" && LOCALAPPDATA) return LOCALAPPDATA;
  if (platform === "darwin") return join(home, "Library", "Caches");
  return XDG_CACHE_HOME || join(home, ".cache");
}

/** Remembers the fastest kernels in a file. What cannot be written is measured again. */
export function fileKernelMemory(file: string): KernelMemory {
  const all = async () => readChoices(await readFile(file, "utf8").catch(() => undefined));
  return {
    all,
    recall: async (key) => (await all())[key],
    remember: async (key, family) => {
      const kernels = { ...(await all()), [key]: family };
      const temporary = `${file}.${process.pid}.tmp`;
      try {
        await mkdir(dirname(file), { recursive: true });
        await writeFile(temporary, `${JSON.stringify(kernels, undefined, 1)}\n`);
        await rename(temporary, file);
      } catch {
        // A cache that cannot be written costs time, nothing else.
      }
    },
  };
}
