import type { Backend, Device } from "../../src/device/device.ts";
import type { OpenFrail } from "../support/frail-device.ts";
import type { UseDevice } from "../support/use-device.ts";

/** How losses are tried. */
export interface Trial {
  readonly backend: Backend;
  /** A device that nothing happens to, for what is to be expected. */
  readonly useUndisturbed: UseDevice;
  /** Opens devices to lose. */
  readonly useDevices: () => OpenFrail;
  /** Loses a device behind its user's back. */
  readonly lose: (device: Device) => void;
  /** Opens none, and what that is told with. */
  readonly openNone: () => Promise<Device>;
  readonly noneSentence: string;
  /** Whether waits are skipped, for which no thread may have to start meanwhile: it would be kept waiting. */
  readonly waits: "skipped" | "real";
}

/** What is lost, in the words of the sentences about it. */
export const lossWords: Readonly<Record<Backend, string>> = {
  gpu: "The GPU was lost",
  cpu: "The CPU's threads were lost",
};
