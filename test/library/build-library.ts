import { setUpLibrary } from "../../scripts/setup/library.mjs";
import { oneAtATime } from "../support/one-at-a-time.ts";

/** Builds the library when a source of it has changed, once for all files of tests, and does `work` with it while nobody builds. */
export function withLibrary<T>(work: () => T | Promise<T>): Promise<T> {
  return oneAtATime("build-library", () => {
    setUpLibrary();
    return work();
  });
}
