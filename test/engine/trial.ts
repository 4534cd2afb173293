import type { Backend, Device } from "../../src/device/device.ts";
import type { OpenFrail } from "../support/frail-device.ts";
import type { UseDevice } from "../support/use-device.ts";

/** How losses are tested. */
export interface Trial {
  readonly backend: Backend;
  /** A device without losses, for the expected results. */
  readonly useUndisturbed: UseDevice;
  /** Opens devices that can be lost. */
  readonly useDevices: () => OpenFrail;
  /** Loses a device without notice to its user. */
  readonly lose: (device: Device) => void;
  /** Fails to open a device, and the error's text. */
  readonly openNone: () => Promise<Device>;
  readonly noneSentence: string;
  /** Whether waits are skipped. If so no thread may start during them, because its start would never finish. */
  readonly waits: "skipped" | "real";
}

/** What is lost, as the reported sentences say it. */
export const lossWords: Readonly<Record<Backend, string>> = {
  gpu: "The GPU was lost",
  cpu: "The CPU's threads were lost",
};
