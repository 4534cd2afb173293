import { describe } from "vitest";
import { describeEngine } from "./engine-suite.ts";
import { gpuTrial } from "./gpu-trial.ts";

describe("on the GPU", () => {
  describeEngine(gpuTrial);
});
