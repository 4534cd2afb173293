import type { Device } from "../../src/device/device.ts";

/** The faults that a device can have; counts start at 1. */
export interface Flaws<D extends Device = Device> {
  /** Called at every submit: on a GPU right after it, on the CPU right before. */
  readonly onSubmit?: (device: D, count: number) => void;
  /** Called at every wait for the device. */
  readonly onWait?: (device: D, count: number) => void;
  /** Called before results are read back; on a GPU, a promise that it returns replaces the mapping. */
  readonly onRead?: (device: D, count: number) => Promise<undefined> | undefined;
  /** Whether this readback of a GPU gives only zeros. */
  readonly zeroed?: (count: number) => boolean;
}

export type OpenFrail<D extends Device = Device> = (flaws?: Flaws<D>) => Promise<D>;
