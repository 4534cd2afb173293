import { Cpu } from "../../src/cpu/cpu.ts";
import { threadHost } from "../../src/cpu/web-threads.ts";
import { Gpu } from "../../src/gpu/gpu.ts";
import { unsnowTraining } from "../unsnow-training.ts";
import type { Contestant } from "./contestant.ts";

export function unsnow(): Contestant {
  return { open: async (problem) => unsnowTraining(await Gpu.open(navigator.gpu), problem) };
}

/** On all cores, or on one thread in a page that is not isolated. */
export function unsnowCpu(): Contestant {
  return { open: async (problem) => unsnowTraining(await Cpu.open(threadHost), problem) };
}
