import { Gpu } from "../../src/gpu/gpu.ts";
import { loseGpu, useFrailGpus, useRealFrailGpus } from "../support/frail-gpu.ts";
import { useGpu } from "../support/open-gpu.ts";
import type { Trial } from "./trial.ts";

const entry = {
  requestAdapter: async () => ({
    features: new Set(),
    limits: {},
    info: {},
    requestDevice: () => Promise.reject(new Error("gone")),
  }),
} as unknown as GPU;

/** Tests losses on mocks of the shared device, whose loss is reported at once. */
export const gpuTrial: Trial = {
  backend: "gpu",
  useUndisturbed: useGpu,
  useDevices: useFrailGpus,
  lose: loseGpu,
  openNone: () => Gpu.open(entry),
  noneSentence:
    "The GPU was lost, and no other could be opened: The GPU adapter was found, but it could not be opened: Error: gone",
  waits: "skipped",
};

/** Tests losses on real devices. */
export const realGpuTrial: Trial = { ...gpuTrial, useDevices: useRealFrailGpus, waits: "real" };
