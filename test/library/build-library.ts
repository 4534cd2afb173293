import { setUpLibrary } from "../../scripts/setup/library.mjs";
import { oneAtATime } from "../support/one-at-a-time.ts";

/**
 * Builds the library once for all test files, if its sources changed, and runs `work` while no other process builds.
 */
export function withLibrary<T>(work: () => T | Promise<T>): Promise<T> {
  return oneAtATime("build-library", () => {
    setUpLibrary();
    return work();
  });
}
