import { openDefaultGpu } from "#default-gpu";
import type { DeviceLease } from "../engine/engine.ts";
import { Gpu } from "../gpu/gpu.ts";

/** A device that the library opened, or is about to, and how many hold it. */
interface SharedGpu {
  readonly opening: Promise<Gpu>;
  users: number;
}

/** The open devices, by the entry that they were asked of. */
const devices = new Map<GPU | "default", SharedGpu>();

/**
 * The library's device, of the caller's entry to WebGPU or of the usual one: opened for the first who wants it, shared by all, and
 * closed when the last lets it go. One that failed is left to those who hold it, and another is opened. Throws a DeviceError
 * where there is none.
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

/** A device of the caller's, which stays open. */
export function borrowGpu(device: GPUDevice): DeviceLease {
  return { device: Gpu.adopt(device), release: () => {} };
}
