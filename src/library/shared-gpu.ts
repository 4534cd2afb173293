import { openDefaultGpu } from "#default-gpu";
import type { DeviceLease } from "../engine/engine.ts";
import { Gpu } from "../gpu/gpu.ts";

/** A device that the library opened, or is opening, and its reference count. */
interface SharedGpu {
  readonly opening: Promise<Gpu>;
  users: number;
}

/** The open devices, by the entry point that they were requested from. */
const devices = new Map<GPU | "default", SharedGpu>();

/**
 * The library's device, from the caller's WebGPU entry point or the default one: opened on the first request, shared,
 * and closed when the last holder releases it. A failed device stays with its holders, and another one is opened.
 * Throws a DeviceError if there is none.
 */
export async function leaseGpu(entry?: GPU): Promise<DeviceLease> {
  const key = entry ?? "default";
  const found = devices.get(key);
  const shared = found ?? { opening: entry ? Gpu.open(entry) : openDefaultGpu(), users: 0 };
  const forget = () => {
    if (devices.get(key) === shared) devices.delete(key);
  };
  const release = () => {
    shared.users -= 1;
    if (shared.users > 0) return;
    forget();
    shared.opening.then(
      (gpu) => gpu.destroy(),
      () => {},
    );
  };
  devices.set(key, shared);
  shared.users += 1;
  try {
    const gpu = await shared.opening;
    gpu.assertAlive();
    return { device: gpu, release };
  } catch (error) {
    forget();
    release();
    if (found) return leaseGpu(entry);
    throw error;
  }
}

/** A device owned by the caller, which stays open. */
export function borrowGpu(device: GPUDevice): DeviceLease {
  return { device: Gpu.adopt(device), release: () => {} };
}
