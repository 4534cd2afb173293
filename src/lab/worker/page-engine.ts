import type { Device, Profiler } from "../../device/device.ts";
import { DeviceError } from "../../device/device-error.ts";
import { sole } from "../../engine/engine.ts";
import { openCpu } from "../../engine/open-cpu.ts";
import { type OpenedEngine, openEngine } from "../../engine/open-engine.ts";
import { Gpu } from "../../gpu/gpu.ts";
import { compileLook } from "../../training/look-kernels.ts";
import type { Laboratory, OpenOptions, TrainingEvent } from "../protocol.ts";
import { LaunchClock } from "./launch-clock.ts";

/** The page's engine, and the reason for its choice. */
export type PageEngine = OpenedEngine & Pick<Laboratory, "replacesSoftware">;

/**
 * Opens the engine that the page requests; by default a real GPU, otherwise the CPU. Throws a DeviceError if the requested one
 * is not available.
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
    // The page requests a preview of the run first; the user may press buttons meanwhile.
    compileLater: true,
  });
  return { ...opened, replacesSoftware: software && opened.engine.backend === "cpu" };
}

/** Throws a DeviceError if WebGPU is not available to this page. */
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
