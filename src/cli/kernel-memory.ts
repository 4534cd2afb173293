import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { type FamilyMemory, readChoices } from "../training/family-memory.ts";

/** Where the system keeps what can be made again. */
function cacheFolder(): string {
  const { XDG_CACHE_HOME, LOCALAPPDATA } = process.env;
  if (process.platform === "win32" && LOCALAPPDATA) return LOCALAPPDATA;
  if (process.platform === "darwin") return join(homedir(), "Library", "Caches");
  return XDG_CACHE_HOME || join(homedir(), ".cache");
}

const file = join(cacheFolder(), "unsnow", "kernels.json");

/** The kernels that proved fastest, by adapter, network and batch; none if nothing can be read. */
export async function rememberedKernels(): Promise<Readonly<Record<string, string>>> {
  return readChoices(await readFile(file, "utf8").catch(() => undefined));
}

/** Remembers the fastest kernels in a file of the user's cache folder. What cannot be written is measured again. */
export const kernelMemory: FamilyMemory = {
  recall: async (key) => (await rememberedKernels())[key],
  remember: async (key, family) => {
    const kernels = { ...(await rememberedKernels()), [key]: family };
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
