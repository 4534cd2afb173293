import { describe } from "vitest";
import { useCpu } from "../support/open-cpu.ts";
import { describeDeviceFilters } from "./device-filters-suite.ts";

describe("on the CPU", () => {
  describeDeviceFilters(useCpu);
});
