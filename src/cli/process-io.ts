import { homedir } from "node:os";
import { join } from "node:path";
import { openNodeGpu } from "../dawn/node-gpu.ts";
import { openCpu } from "../engine/open-cpu.ts";
import type { Io } from "./io.ts";
import { cacheFolder, fileKernelMemory } from "./kernel-memory.ts";
import { startFolder } from "./paths.ts";

/** The signals that ask a program to end: from Ctrl-C, and from the system when it shuts down. */
const requests = ["SIGINT", "SIGTERM"] as const;

/** This process, for the built program. */
export function processIo(): Io {
  const cache = cacheFolder(process.env, process.platform, homedir());
  return {
    stdout: process.stdout,
    stderr: process.stderr,
    console,
    folder: startFolder(process.env, process.cwd()),
    program: import.meta.dirname,
    env: process.env,
    kernels: fileKernelMemory(join(cache, "unsnow", "kernels.json")),
    async openGpu() {
      const opened = await openNodeGpu();
      return { ...opened, close: () => opened.gpu.destroy() };
    },
    openCpu,
    onEndRequest(listener) {
      for (const request of requests) process.on(request, listener);
      return () => {
        for (const request of requests) process.off(request, listener);
      };
    },
    exit: (code) => process.exit(code),
  };
}
