import { Gpu } from "../../src/gpu/gpu.ts";
import { unsnowTraining } from "../unsnow-training.ts";
import type { Contestant } from "./contestant.ts";

export function unsnow(): Contestant {
  return { open: async (problem) => unsnowTraining(await Gpu.open(navigator.gpu), problem) };
}
