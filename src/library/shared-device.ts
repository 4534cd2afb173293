import { openDefaultGpu } from "#default-gpu";
import type { Device } from "../device/device.ts";
import type { DeviceLease } from "../engine/engine.ts";
import { openCpu } from "../engine/open-cpu.ts";
import { Gpu } from "../gpu/gpu.ts";

/** A device that the library opened, or is opening, and its reference count. */
interface SharedDevice {
  readonly opening: Promise<Device>;
  users: number;
}

/** The open devices: GPUs by the entry point that they were requested from, CPUs by their number of threads. */
const devices = new Map<GPU | string, SharedDevice>();

/**
 * The library's GPU, from the caller's WebGPU entry point or the default one. Throws a DeviceError if there is none.
 */
export function leaseGpu(entry?: GPU): Promise<DeviceLease> {
  return lease(entry ?? "GPU", () => (entry ? Gpu.open(entry) : openDefaultGpu()));
}

/** The library's threads of the CPU. Throws an InputError or a DeviceError where openCpu does. */
export function leaseCpu(threads?: number): Promise<DeviceLease> {
  return lease(`CPU, threads: ${threads}`, () => openCpu({ threads }));
}

/** A device owned by the caller, which stays open. */
export function borrowGpu(device: GPUDevice): DeviceLease {
  return { device: Gpu.adopt(device), release: () => {} };
}

/**
 * A device that is opened on the first request, shared, and closed when the last holder releases it. A failed device
 * stays with its holders, and another one is opened.
 */
async function lease(key: GPU | string, open: () => Promise<Device>): Promise<DeviceLease> {
  const found = devices.get(key);
  const shared = found ?? { opening: open(), users: 0 };
  const forget = () => {
    if (devices.get(key) === shared) devices.delete(key);
  };
  const release = () => {
    shared.users -= 1;
    if (shared.users > 0) return;
    forget();
    shared.opening.then(
      (device) => device.destroy(),
      () => {},
    );
  };
  devices.set(key, shared);
  shared.users += 1;
  try {
    const device = await shared.opening;
    device.assertAlive();
    return { device, release };
  } catch (error) {
    forget();
    release();
    if (found) return lease(key, open);
    throw error;
  }
}
