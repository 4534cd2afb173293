import { execFileSync } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";

/** Whether this process can mount disks. */
export const root = process.platform === "linux" && process.getuid?.() === 0 && canMount();

/** A disk of some kilobytes, in memory. */
export function mountFull(path: string, kilobytes: number) {
  mkdirSync(path);
  execFileSync("mount", ["-t", "tmpfs", "-o", `size=${kilobytes}k`, "tmpfs", path]);
  const filler = `${path}/filler`;
  return {
    path,
    /** Fills the disk. */
    fill() {
      for (let bytes = 1024 * kilobytes; bytes > 0; bytes = Math.floor(bytes / 2)) {
        try {
          writeFileSync(filler, new Uint8Array(bytes), { flag: "a" });
        } catch {
          // The write stopped when the disk was full.
        }
      }
    },
    empty: () => rmSync(filler, { force: true }),
    unmount: () => execFileSync("umount", [path]),
  };
}

/** A container may forbid even root to mount. */
function canMount(): boolean {
  const path = `/tmp/unsnow-mount-${process.pid}`;
  mkdirSync(path, { recursive: true });
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=4k", "tmpfs", path], { stdio: "ignore" });
    execFileSync("umount", [path]);
    return true;
  } catch {
    return false;
  } finally {
    rmSync(path, { recursive: true, force: true });
  }
}
