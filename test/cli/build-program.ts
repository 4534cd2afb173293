import { setUpCli } from "../../scripts/setup/cli.mjs";
import { oneAtATime } from "../support/one-at-a-time.ts";

/** Builds the program when a source of it has changed, once for all files of tests. */
export function buildProgram(): Promise<void> {
  return oneAtATime("build", setUpCli);
}
