import { type Backend, backends } from "../device/device.ts";
import type { Engine } from "../engine/engine.ts";
import { openEngine } from "../engine/open-engine.ts";
import { InputError } from "../spec/input-error.ts";
import { borrowGpu, leaseCpu, leaseGpu } from "./shared-device.ts";

/** Options for the compute device. */
export interface ComputeOptions {
  /**
   * A device of yours. It is used with its own limits and features and is never closed. Its handlers are left alone
   * and receive no events from the library. By default, the library opens a device, which all its trainings and
   * models share. It is closed when the last of them is disposed.
   */
  readonly device?: GPUDevice;
  /**
   * The entry point for requesting a device, if none is given. Default: `navigator.gpu`, and Dawn (the package
   * `webgpu`) in Node.
   */
  readonly gpu?: GPU;
  /** Forces a backend. Default: the GPU, or the CPU if there is no GPU or only a software GPU. */
  readonly backend?: Backend;
  /**
   * Threads of the CPU, if it is used. Default: one per core. A page that is not cross-origin isolated has one
   * thread, because its threads cannot share memory. All trainings and models with the same number share them. They
   * end when the last of these is disposed.
   */
  readonly threads?: number;
}

/** The engine of one training or model, which closes it at the end. */
export interface Compute {
  readonly engine: Engine;
  /** The reason for using the CPU although `backend` is not "cpu": one sentence. */
  readonly fallbackReason: string | undefined;
  /** Another handle, to be closed separately. */
  share(): Promise<Compute>;
}

/** Throws an InputError for contradictory options, and a DeviceError if a GPU is required and there is none. */
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
      openCpu: () => leaseCpu(threads),
      ...(device && { replacesLost: false }),
    });
  const { engine, fallbackReason } = await open(device ? "gpu" : backend);
  const share = async (): Promise<Compute> => {
    const { engine: another } = await open(engine.backend);
    return { engine: another, fallbackReason, share };
  };
  return { engine, fallbackReason, share };
}
