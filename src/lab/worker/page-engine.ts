import type { Device, Profiler } from "../../device/device.ts";
import { DeviceError } from "../../device/device-error.ts";
import { openCpu } from "../../engine/open-cpu.ts";
import { type OpenedEngine, openEngine } from "../../engine/open-engine.ts";
import { Gpu } from "../../gpu/gpu.ts";
import { compileLook } from "../../training/look-kernels.ts";
import type { OpenOptions, TrainingEvent } from "../protocol.ts";
import { GpuClock } from "./gpu-clock.ts";

/**
 * Opens the engine that the page wants; if it wants none, the GPU, or else the CPU where there is no GPU. Throws a DeviceError where
 * the GPU alone is wanted and there is none.
 */
export function openPageEngine(
  { backend, threads, kernels, profile, rememberedKernels, spec }: OpenOptions,
  tell: (event: TrainingEvent) => void,
): Promise<OpenedEngine> {
  const remembered = new Map(Object.entries(rememberedKernels));
  let first = true;
  return openEngine({
    backend,
    family: kernels,
    memory: {
      recall: async (key) => remembered.get(key),
      remember: async (key, family) => {
        remembered.set(key, family);
        tell({ kind: "fastest", key, family });
      },
    },
    openCpu: () => openCpu({ threads }),
    openGpu: async () => {
      checkSupport();
      const gpu = await Gpu.open(navigator.gpu);
      // Compiled while the digits are read, which are the first run's images.
      const inUse = backend === "gpu" || !gpu.adapter.software;
      if (first && spec && inUse) compileLook(gpu, spec);
      first = false;
      return { device: gpu, release: () => gpu.destroy() };
    },
    ...(profile && { profilerOf: (device: Device) => createProfiler(device, tell) }),
    onRecovery: (sentence, adapter) => tell({ kind: "recovered", sentence, adapter }),
    // The page looks at the run first, and can be pressed meanwhile.
    compileLater: true,
  });
}

/** Throws a DeviceError where this page gets no WebGPU at all. */
function checkSupport(): void {
  if (!self.isSecureContext) {
    throw new DeviceError(
      "Browsers offer WebGPU only to pages from https or localhost, and this page came over plain http.",
      "unavailable",
    );
  }
  if (!navigator.gpu) throw new DeviceError("This browser does not offer WebGPU.", "unavailable");
}

function createProfiler(device: Device, tell: (event: TrainingEvent) => void): Profiler | undefined {
  const clock = new GpuClock();
  return device.createProfiler((launches) => {
    const now = performance.timeOrigin + performance.now();
    tell({ kind: "launches", launches: clock.place(launches, now) });
  });
}
