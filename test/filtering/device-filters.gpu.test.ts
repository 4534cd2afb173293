import { describe } from "vitest";
import { useGpu } from "../support/open-gpu.ts";
import { describeDeviceFilters } from "./device-filters-suite.ts";

describe("on the GPU", () => {
  describeDeviceFilters(useGpu);
});
