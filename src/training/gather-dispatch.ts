import type { Device, DeviceBuffer, Dispatch } from "../device/device.ts";
import type { Constants } from "../device/kernel.ts";
import { corruptBatch } from "../kernels/corrupt.ts";
import type { StepBuffers } from "./step-buffers.ts";
import type { SweepBuffers } from "./sweep-buffers.ts";

/** Images on the device: samples of 8, 16 or 32 bits; each image has whole quads of them. */
export interface ImageBuffers {
  readonly clean: DeviceBuffer;
  /** The measured noisy twins, or the clean images if there are none. */
  readonly noisy: DeviceBuffer;
  /** `struct Window` in shaders/lib/window.wgsl. */
  readonly window: DeviceBuffer;
}

/**
 * The first dispatch of a step: gathers the sweep's current batch, with its noise, and the clean batch. `corruption`
 * is the kernel's constants.
 */
export async function gatherDispatch(
  device: Device,
  corruption: Constants,
  { clean, noisy, window }: ImageBuffers,
  { uniform: sweep, order, cursor }: SweepBuffers,
  { network: { layout }, activations, cleanBatch, noise }: StepBuffers,
): Promise<Dispatch> {
  const pipeline = await device.pipeline(corruptBatch, corruption);
  return pipeline.bind({ sweep, window, noise, order, noisy, clean, cursor, activations, cleanBatch }, [
    layout.imageWords,
    4 * layout.rowQuads,
  ]);
}
