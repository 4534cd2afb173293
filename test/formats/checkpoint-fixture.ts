import type { ByteImageSet } from "../../src/data/image-set.ts";
import { type Checkpoint, encodeCheckpoint } from "../../src/formats/checkpoint.ts";
import { seal } from "../../src/formats/checkpoint-seal.ts";
import { fingerprintOf } from "../../src/formats/data-fingerprint.ts";
import { encodeSafetensors, parseSafetensors } from "../../src/formats/safetensors.ts";
import { trainingSettings } from "../../src/formats/training-settings.ts";
import type { TrainingSpec } from "../../src/spec/settings.ts";
import { trainOn } from "../../src/training/device-run.ts";
import type { EpochRecord } from "../../src/training/history.ts";
import type { TrainingData } from "../../src/training/run-data.ts";
import { sharedCpu } from "../support/open-cpu.ts";

/** A checkpoint of a run on the CPU after a number of steps. */
export async function checkpointAfter(
  steps: number,
  spec: TrainingSpec,
  data: TrainingData<ByteImageSet>,
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

/** A checkpoint as earlier versions wrote it on the CPU: in double precision, with numbers that round to those given. */
export function inDoublePrecision(checkpoint: Checkpoint): Uint8Array<ArrayBuffer> {
  const file = encodeCheckpoint({ ...checkpoint, family: undefined });
  const { tensors, metadata } = parseSafetensors(file, "a checkpoint");
  for (const [key, { shape, values }] of tensors) {
    // These are of double precision in every checkpoint.
    if (key === "history" || key === "stepLoss") continue;
    const numbers = Float64Array.from(values, (value) => value * (1 + 2 ** -40));
    tensors.set(key, { shape: [...shape, 2], values: new Float32Array(numbers.buffer) });
  }
  const head = JSON.parse(metadata.get("checkpoint") ?? "{}");
  return seal(
    encodeSafetensors(
      tensors,
      new Map([
        ["sha256", "0".repeat(64)],
        ["checkpoint", JSON.stringify({ ...head, double: true })],
      ]),
    ),
  );
}
