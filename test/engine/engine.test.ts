import { describe } from "vitest";
import { cpuTrial } from "./cpu-trial.ts";
import { describeEngine } from "./engine-suite.ts";

describe("on the CPU", () => {
  describeEngine(cpuTrial);
});
