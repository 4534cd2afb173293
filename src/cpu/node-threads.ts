import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import type { Answer, ThreadHost } from "./commands.ts";
import main from "./node-thread-main.ts?thread";

/** Threads in Node. */
export const threadHost: ThreadHost = {
  start({ onAnswer, onFailure }) {
    const worker = new Worker(new URL(main));
    let ended = false;
    worker.on("message", (answer: Answer) => onAnswer(answer));
    worker.on("error", (error) => onFailure(error.message));
    worker.on("exit", (code) => {
      if (!ended) onFailure(`it ended with code ${code}`);
    });
    return {
      post: (command, transfer = []) => worker.postMessage(command, transfer),
      end: () => {
        ended = true;
        void worker.terminate();
      },
    };
  },
  cores: availableParallelism(),
  sharesMemory: true,
};
