import { describe } from "vitest";
import { useGpu } from "../support/open-gpu.ts";
import { describeCentred } from "./centred-suite.ts";
import { describeNoise } from "./noise-suite.ts";
import { describePatches } from "./patches-suite.ts";
import { describeRunState } from "./run-state-suite.ts";
import { describeTraining } from "./trainer-suite.ts";

describe("on the GPU", () => {
  describeTraining(useGpu);
  describeCentred(useGpu);
  describePatches(useGpu);
  describeNoise(useGpu);
  describeRunState(useGpu);
});
