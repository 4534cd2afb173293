import { type Backend, backends } from "../device/device.ts";
import type { Engine } from "../engine/engine.ts";
import { openCpu } from "../engine/open-cpu.ts";
import { openEngine } from "../engine/open-engine.ts";
import { InputError } from "../spec/input-error.ts";
import { borrowGpu, leaseGpu } from "./shared-gpu.ts";

/** What computes. */
export interface ComputeOptions {
  /**
   * A device of yours. It is used with the limits and features that it has and is never closed; its handlers are left
   * alone and hear of nothing that the library does. Left out, the library opens a device, which all its trainings and
   * models share and the last of them to be disposed closes.
   */
  readonly device?: GPUDevice;
  /** Where to request a device, if none is given. Default: `navigator.gpu`, and Dawn (the package `webgpu`) in Node. */
  readonly gpu?: GPU;
  /** Force one. Default: the GPU, or the CPU if there is no GPU, or only one in software. */
  readonly backend?: Backend;
  /**
   * Threads of the CPU, where it computes. Default: one a core. A page that is not cross-origin isolated has one, since its threads
   * cannot share memory.
   */
  readonly threads?: number;
}

/** What computes for one training or model, which closes its engine in the end. */
export interface Compute {
  readonly engine: Engine;
  /** Why the CPU computes although `backend` is not "cpu": one sentence. */
  readonly fallbackReason: string | undefined;
  /** Another handle, to be closed separately. */
  share(): Promise<Compute>;
}

/** Throws an InputError for options that contradict each other, and a DeviceError where the GPU is wanted and there is none. */
export async function openCompute(options: ComputeOptions): Promise<Compute> {
  const { device, gpu, backend, threads } = options;
  if (backend !== undefined && !backends.includes(backend)) {
    throw new InputError(`The backend must be gpu or cpu, but it is ${String(backend)}.`);
  }
  if (device && backend === "cpu") {
    throw new InputError("A device is given, but the backend is cpu: leave one of the two out.");
  }
  const open = (forced: Backend | undefined) =>
    openEngine({
      backend: forced,
      openGpu: async () => (device ? borrowGpu(device) : leaseGpu(gpu)),
      openCpu: () => openCpu({ threads }),
      ...(device && { replacesLost: false }),
    });
  const { engine, fallbackReason } = await open(device ? "gpu" : backend);
  const share = async (): Promise<Compute> => {
    const { engine: another } = await open(engine.backend);
    return { engine: another, fallbackReason, share };
  };
  return { engine, fallbackReason, share };
}
