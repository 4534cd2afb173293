import { parentPort } from "node:worker_threads";
import type { Command } from "./commands.ts";
import { serve } from "./serve.ts";

// A thread of the CPU engine in Node.
const carryOut = serve((answer, transfer) => parentPort?.postMessage(answer, transfer));
parentPort?.on("message", (command: Command) => carryOut(command));
