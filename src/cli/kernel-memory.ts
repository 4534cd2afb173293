import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { type FamilyMemory, readChoices } from "../training/family-memory.ts";

/** The fastest kernels measured, by adapter, network and batch. */
export interface KernelMemory extends FamilyMemory {
  /** All stored choices; empty if the file cannot be read. */
  all(): Promise<Readonly<Record<string, string>>>;
}

/** The user's cache folder. */
export function cacheFolder(
  { XDG_CACHE_HOME, LOCALAPPDATA }: Readonly<Record<string, string | undefined>>,
  platform: NodeJS.Platform,
  home: string,
): string {
  if (platform === "win32" && LOCALAPPDATA) return LOCALAPPDATA;
  if (platform === "darwin") return join(home, "Library", "Caches");
  return XDG_CACHE_HOME || join(home, ".cache");
}

/** Stores the fastest kernels in a file. If it cannot be written, they are measured again next time. */
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
        // Without the cache, the kernels are measured again, which only takes time.
      }
    },
  };
}
