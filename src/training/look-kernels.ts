import type { Device } from "../device/device.ts";
import { corruptBatch } from "../kernels/corrupt.ts";
import { activationConstants, denseForward } from "../kernels/dense.ts";
import { soonestFamily } from "../kernels/family.ts";
import type { TrainingSpec } from "../spec/settings.ts";
import { inputCentre } from "../spec/training.ts";
import { corruptBatchConstants } from "./create-supplies.ts";

/**
 * Starts to compile what a look at a run's validation images takes, before its images are there; a run that is built later finds
 * it. On an adapter that chooses the kernels by a trial there is nothing to be known beforehand. What does not compile is told
 * when it is needed.
 */
export function compileLook(device: Device, spec: TrainingSpec): void {
  if (!device.adapter.software) return;
  const forward = denseForward[soonestFamily];
  const CENTRE = inputCentre(spec);
  const compiled = [
    device.pipeline(corruptBatch, corruptBatchConstants(spec)),
    ...(["relu", spec.output] as const).map((activation) =>
      device.pipeline(forward, { ACTIVATION: activationConstants[activation], CENTRE }),
    ),
  ];
  for (const pipeline of compiled) pipeline.catch(() => {});
}
