import { describe } from "vitest";
import { useCpu } from "../support/open-cpu.ts";
import { describeCentred } from "./centred-suite.ts";
import { describeNoise } from "./noise-suite.ts";
import { describePatches } from "./patches-suite.ts";
import { describeRunState } from "./run-state-suite.ts";
import { describeTraining } from "./trainer-suite.ts";

describe("on the CPU", () => {
  describeTraining(useCpu);
  describeCentred(useCpu);
  describePatches(useCpu);
  describeNoise(useCpu);
  describeRunState(useCpu);
});
