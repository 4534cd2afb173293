import { sharedGpu } from "../support/open-gpu.ts";
import type { Outcome } from "../support/outcome.ts";
import { type Surroundings, unsnow as withoutGpu } from "./program.ts";

/** Runs a command line in this process, on the GPU that all tests share, which stays open. */
export function unsnow(args: readonly string[], surroundings: Surroundings = {}): Promise<Outcome> {
  const openGpu = async () => ({ gpu: await sharedGpu(), close: () => {} });
  const [command = ""] = args;
  const forced = ["train", "denoise", "evaluate"].includes(command) && !args.includes("--backend");
  return withoutGpu(forced ? [...args, "--backend", "gpu"] : args, { openGpu, ...surroundings });
}
