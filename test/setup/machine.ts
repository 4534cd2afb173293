import { posix } from "node:path";
import type { Machine } from "../../scripts/setup/machine.mjs";

/** A Linux computer that has only these files; `links` are symbolic links to follow. */
export function machineWith(
  files: readonly string[],
  { links = {}, ...rest }: Partial<Machine> & { links?: Readonly<Record<string, string>> } = {},
): Machine {
  const slashed = (path: string) => path.replaceAll("\\", "/");
  return {
    platform: "linux",
    env: { PATH: "/usr/local/bin:/usr/bin" },
    home: "/home/ada",
    exists: (path) => files.includes(slashed(path)),
    list: (folder) => {
      const inside = files.map((file) => posix.relative(slashed(folder), file));
      return [
        ...new Set(inside.flatMap((name) => (name.startsWith("..") ? [] : (name.split("/")[0] ?? [])))),
      ];
    },
    resolve: (path) => links[slashed(path)] ?? path,
    ...rest,
  };
}
