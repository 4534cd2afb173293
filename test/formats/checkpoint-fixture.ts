import type { ImageSet } from "../../src/data/image-set.ts";
import type { Checkpoint } from "../../src/formats/checkpoint.ts";
import { fingerprintOf } from "../../src/formats/data-fingerprint.ts";
import { trainingSettings } from "../../src/formats/training-settings.ts";
import type { TrainingSpec } from "../../src/spec/settings.ts";
import { trainOn } from "../../src/training/device-run.ts";
import type { EpochRecord } from "../../src/training/history.ts";
import type { TrainingData } from "../../src/training/run-data.ts";
import type { LayerNumbers } from "../../src/training/run-state.ts";
import { sharedCpu } from "../support/open-cpu.ts";

/** A checkpoint of a run on the CPU after a number of steps. */
export async function checkpointAfter(
  steps: number,
  spec: TrainingSpec,
  data: TrainingData<ImageSet>,
): Promise<Checkpoint> {
  const trainer = await trainOn(await sharedCpu(), spec, data);
  const epochs: EpochRecord[] = [];
  const stepLoss: number[] = [];
  for (let step = 0; step < steps; step++) {
    const report = await trainer.step();
    if (!report?.epochReport) continue;
    epochs.push(report.epochReport.record);
    stepLoss.push(...report.epochReport.stepLosses);
  }
  const state = await trainer.state();
  trainer.destroy();
  return {
    number: 7,
    settings: { version: "0.1.0", data: "mnist", ...trainingSettings(spec) },
    adapter: { name: "the CPU", software: false },
    family: trainer.family,
    data: await fingerprintOf(data),
    state,
    epochs,
    stepLoss,
  };
}

/** The same checkpoint as earlier versions wrote it on the CPU: in double precision, without the steps' losses. */
export function inDoublePrecision(checkpoint: Checkpoint): Checkpoint {
  const { state } = checkpoint;
  const numbers = (values: ArrayLike<number>) => Float64Array.from(values, (value) => value * (1 + 2 ** -40));
  const layers = (all: readonly LayerNumbers[]) =>
    all.map(({ weight, bias }) => ({ weight: numbers(weight), bias: numbers(bias) }));
  return {
    ...checkpoint,
    family: undefined,
    state: {
      ...state,
      weights: layers(state.weights),
      moments: { squares: layers(state.moments.squares), others: layers(state.moments.others) },
      metrics: { training: numbers(state.metrics.training), validation: numbers(state.metrics.validation) },
    },
    stepLoss: undefined,
  };
}
