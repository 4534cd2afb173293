import { setUpCli } from "../../scripts/setup/cli.mjs";
import { oneAtATime } from "../support/one-at-a-time.ts";

/** Builds the program if one of its sources has changed, once for all test files. */
export function buildProgram(): Promise<void> {
  return oneAtATime("build", setUpCli);
}
