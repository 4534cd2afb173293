/// <reference lib="dom" />
import type { Answer, ThreadHost } from "./commands.ts";

/** Threads in a browser: Workers, from a page or from another Worker. */
export const threadHost: ThreadHost = {
  start({ onAnswer, onFailure }) {
    const worker = new Worker(new URL("./web-thread-main.ts", import.meta.url), {
      type: "module",
      name: "unsnow-thread",
    });
    worker.addEventListener("message", ({ data }: MessageEvent<Answer>) => onAnswer(data));
    worker.addEventListener("error", ({ message }) => onFailure(message || "its script could not be loaded"));
    worker.addEventListener("messageerror", () => onFailure("a message could not be read"));
    return {
      post: (command, transfer = []) => worker.postMessage(command, transfer),
      end: () => worker.terminate(),
    };
  },
  get cores() {
    return navigator.hardwareConcurrency;
  },
  get sharesMemory() {
    return globalThis.crossOriginIsolated === true;
  },
};
