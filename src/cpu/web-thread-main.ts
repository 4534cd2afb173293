/// <reference lib="webworker" />
import type { Command } from "./commands.ts";
import { serve } from "./serve.ts";

// A thread of the CPU engine in a browser.
const carryOut = serve((answer, transfer) => self.postMessage(answer, { transfer }));
self.addEventListener("message", ({ data }: MessageEvent<Command>) => carryOut(data));
