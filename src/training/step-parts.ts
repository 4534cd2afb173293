import type { Device, Dispatch } from "../device/device.ts";
import type { Family } from "../kernels/family.ts";
import type { OptimizerName } from "../spec/optimizer.ts";
import type { LossName } from "../spec/settings.ts";
import type { StepBuffers } from "./step-buffers.ts";
import type { SweepBuffers } from "./sweep-buffers.ts";

/** The resources that the dispatches of a step are bound to. */
export interface StepParts {
  readonly device: Device;
  /** The implementation of products. */
  readonly family: Family;
  readonly loss: LossName;
  readonly optimizer: OptimizerName;
  /** The value subtracted from the gathered pixels. */
  readonly centre: number;
  readonly buffers: StepBuffers;
  readonly sweep: SweepBuffers;
  /** Gathers the sweep's next batch, with its blind spots if there are any. */
  readonly gather: readonly Dispatch[];
}
