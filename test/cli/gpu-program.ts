import { sharedGpu } from "../support/open-gpu.ts";
import type { Outcome } from "../support/outcome.ts";
import { type Surroundings, withBackend, unsnow as withoutGpu } from "./program.ts";

/** Runs a command line in this process, on the shared GPU of all tests, which stays open. */
export function unsnow(args: readonly string[], surroundings: Surroundings = {}): Promise<Outcome> {
  const openGpu = async () => ({ gpu: await sharedGpu(), close: () => {} });
  return withoutGpu(withBackend(args, "gpu"), { openGpu, ...surroundings });
}
