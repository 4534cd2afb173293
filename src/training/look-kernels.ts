import { bytes8 } from "../data/samples.ts";
import type { Device } from "../device/device.ts";
import { corruptBatch } from "../kernels/corrupt.ts";
import { activationConstants, denseForward } from "../kernels/dense.ts";
import { soonestFamily } from "../kernels/family.ts";
import type { TrainingSpec } from "../spec/settings.ts";
import { inputCentre } from "../spec/training.ts";
import { corruptBatchConstants } from "./create-supplies.ts";

/**
 * Starts to compile the kernels for a preview of a run's validation images before its images are available; a run
 * that is built later finds them in the cache. On an adapter that chooses the kernels by a trial, they are not known
 * in advance. Compilation errors are reported when the kernels are needed.
 */
export function compileLook(device: Device, spec: TrainingSpec): void {
  if (!device.adapter.software) return;
  const forward = denseForward[soonestFamily];
  const CENTRE = inputCentre(spec);
  const compiled = [
    device.pipeline(corruptBatch, corruptBatchConstants(spec, bytes8)),
    ...(["relu", spec.output] as const).map((activation) =>
      device.pipeline(forward, { ACTIVATION: activationConstants[activation], CENTRE }),
    ),
  ];
  for (const pipeline of compiled) pipeline.catch(() => {});
}
