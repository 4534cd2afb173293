import type { ImageSet } from "../../src/data/image-set.ts";
import type { Checkpoint } from "../../src/formats/checkpoint.ts";
import { fingerprintOf } from "../../src/formats/data-fingerprint.ts";
import { trainingSettings } from "../../src/formats/training-settings.ts";
import type { TrainingSpec } from "../../src/spec/settings.ts";
import { trainOnCpu } from "../../src/training/cpu-run.ts";
import type { EpochRecord } from "../../src/training/history.ts";
import type { TrainingData } from "../../src/training/run-data.ts";
import { inSinglePrecision } from "../../src/training/run-state.ts";

/** A checkpoint of a run on the CPU after so many steps. */
export async function checkpointAfter(
  steps: number,
  spec: TrainingSpec,
  data: TrainingData<ImageSet>,
): Promise<Checkpoint> {
  const trainer = await trainOnCpu(spec, data);
  const epochs: EpochRecord[] = [];
  const stepLoss: number[] = [];
  for (let step = 0; step < steps; step++) {
    const report = await trainer.step();
    if (!report?.epochReport) continue;
    epochs.push(report.epochReport.record);
    stepLoss.push(...report.epochReport.stepLosses);
  }
  return {
    number: 7,
    settings: { version: "0.1.0", data: "mnist", ...trainingSettings(spec) },
    adapter: { name: "the CPU", software: false },
    family: undefined,
    data: await fingerprintOf(data),
    state: await trainer.state(),
    epochs,
    stepLoss,
  };
}

/** The same numbers as a GPU would have them, in single precision, without the steps' losses. */
export function asOfGpu(checkpoint: Checkpoint): Checkpoint {
  const { state } = checkpoint;
  const { weights, moments, metrics } = state;
  return {
    ...checkpoint,
    adapter: { name: "a GPU", software: true },
    family: "tile16",
    state: {
      ...state,
      weights: inSinglePrecision(weights),
      moments: { squares: inSinglePrecision(moments.squares), others: inSinglePrecision(moments.others) },
      metrics: {
        training: Float32Array.from(metrics.training),
        validation: Float32Array.from(metrics.validation),
      },
    },
    stepLoss: undefined,
  };
}
