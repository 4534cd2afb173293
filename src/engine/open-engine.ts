import type { Backend } from "../device/device.ts";
import { DeviceError } from "../device/device-error.ts";
import { type DeviceLease, Engine, type EngineOptions } from "./engine.ts";

export interface OpenEngineOptions extends Omit<EngineOptions, "openDevice"> {
  /** Forces a backend. Default: a hardware GPU if there is one, otherwise the CPU. */
  readonly backend?: Backend | undefined;
  /** Opens a GPU; throws a DeviceError with the reason if there is none. */
  readonly openGpu: () => Promise<DeviceLease>;
  /** Opens the CPU; throws a DeviceError if the JavaScript engine lacks a required feature. */
  readonly openCpu: () => Promise<DeviceLease>;
}

/** The opened engine, and the reason if it is not the GPU although none was requested: one sentence. */
export interface OpenedEngine {
  readonly engine: Engine;
  readonly fallbackReason: string | undefined;
}

/**
 * Opens a GPU if there is one, otherwise the CPU. The CPU also replaces a software GPU, which is several times
 * slower. Throws a DeviceError if a forced backend is missing, or if opening fails in another way.
 */
export async function openEngine(options: OpenEngineOptions): Promise<OpenedEngine> {
  const { backend, openGpu, openCpu, ...common } = options;
  const onGpu = (first?: DeviceLease) => Engine.open({ ...common, openDevice: once(first, openGpu) });
  const onCpu = () => Engine.open({ ...common, openDevice: openCpu });
  if (backend === "cpu") return { engine: await onCpu(), fallbackReason: undefined };
  if (backend === "gpu") return { engine: await onGpu(), fallbackReason: undefined };
  let lease: DeviceLease;
  try {
    lease = await openGpu();
  } catch (error) {
    if (!isUnavailable(error)) throw error;
    return { engine: await onCpu(), fallbackReason: error.message };
  }
  const { name, software } = lease.device.adapter;
  if (!software) return { engine: await onGpu(lease), fallbackReason: undefined };
  try {
    const engine = await onCpu();
    lease.release();
    return { engine, fallbackReason: `The only GPU adapter, ${name}, is software, which is slower.` };
  } catch (error) {
    if (isUnavailable(error)) return { engine: await onGpu(lease), fallbackReason: undefined };
    lease.release();
    throw error;
  }
}

/** Returns `first` on the first call, if there is one, and then opens others. */
function once(first: DeviceLease | undefined, open: () => Promise<DeviceLease>): () => Promise<DeviceLease> {
  let given = first;
  return async () => {
    const lease = given ?? (await open());
    given = undefined;
    return lease;
  };
}

function isUnavailable(error: unknown): error is DeviceError {
  return error instanceof DeviceError && error.kind === "unavailable";
}
