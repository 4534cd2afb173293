import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const program = fileURLToPath(new URL("../../dist/cli/unsnow.js", import.meta.url));
const peakMemory = new URL("peak-memory.mjs", import.meta.url).href;

/** The cost of a run of the program, from start to end. */
export interface ProgramCost {
  readonly seconds: number;
  /** The peak memory of the process. With a software GPU, it includes the device's memory. */
  readonly peakBytes: number;
}

/** Runs the built program to its end. Throws an error with its output when it fails. */
export function runProgram(...args: readonly string[]): ProgramCost {
  const started = performance.now();
  const { status, output } = spawnSync(process.execPath, ["--import", peakMemory, program, ...args], {
    stdio: ["ignore", "ignore", "pipe", "pipe"],
    encoding: "utf8",
  });
  const seconds = (performance.now() - started) / 1000;
  if (status !== 0) throw new Error(`unsnow ${args.join(" ")} failed: ${output[2] ?? ""}`);
  return { seconds, peakBytes: 1024 * Number(output[3]) };
}
