import { describe } from "vitest";
import { useCpu } from "../support/open-cpu.ts";
import { cpuTrial } from "./cpu-trial.ts";
import { describeGivenBack } from "./given-back-suite.ts";
import { describeRecovery } from "./recovery-suite.ts";

describe("on the CPU", () => {
  describeRecovery(cpuTrial);
  describe("memory", () => {
    describeGivenBack(useCpu, (device) => device);
  });
});
