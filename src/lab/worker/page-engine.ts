import type { Device, Profiler } from "../../device/device.ts";
import { DeviceError } from "../../device/device-error.ts";
import { sole } from "../../engine/engine.ts";
import { openCpu } from "../../engine/open-cpu.ts";
import { type OpenedEngine, openEngine } from "../../engine/open-engine.ts";
import { Gpu } from "../../gpu/gpu.ts";
import { compileLook } from "../../training/look-kernels.ts";
import type { Laboratory, OpenOptions, TrainingEvent } from "../protocol.ts";
import { LaunchClock } from "./launch-clock.ts";

/** What computes in the page, and why. */
export type PageEngine = OpenedEngine & Pick<Laboratory, "replacesSoftware">;

/**
 * Opens the engine that the page wants; if it wants none, a real GPU, or else the CPU. Throws a DeviceError where what is wanted
 * cannot be had.
 */
export async function openPageEngine(
  { backend, threads, kernels, profile, rememberedKernels, spec }: OpenOptions,
  tell: (event: TrainingEvent) => void,
): Promise<PageEngine> {
  const remembered = new Map(Object.entries(rememberedKernels));
  let first = true;
  let software = false;
  const opened = await openEngine({
    backend,
    family: kernels,
    memory: {
      recall: async (key) => remembered.get(key),
      remember: async (key, family) => {
        remembered.set(key, family);
        tell({ kind: "fastest", key, family });
      },
    },
    openCpu: async () => sole(await openCpu({ threads })),
    openGpu: async () => {
      checkSupport();
      const gpu = await Gpu.open(navigator.gpu);
      software = gpu.adapter.software;
      // Compiled while the digits are read, which are the first run's images.
      const inUse = backend === "gpu" || !software;
      if (first && spec && inUse) compileLook(gpu, spec);
      first = false;
      return sole(gpu);
    },
    ...(profile && { profilerOf: (device: Device) => createProfiler(device, tell) }),
    onRecovery: (sentence, adapter) => tell({ kind: "recovered", sentence, adapter }),
    // The page looks at the run first, and can be pressed meanwhile.
    compileLater: true,
  });
  return { ...opened, replacesSoftware: software && opened.engine.backend === "cpu" };
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
  const clock = new LaunchClock();
  return device.createProfiler((launches) => {
    const now = performance.timeOrigin + performance.now();
    tell({ kind: "launches", launches: clock.place(launches, now) });
  });
}
