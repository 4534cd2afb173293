import { basename, dirname, join } from "node:path";
import { kerasFiles } from "../formats/keras.ts";
import { encodeModel } from "../formats/model-file.ts";
import { encodeSample } from "../formats/model-sample.ts";
import { encodeOnnx, onnxParts } from "../formats/onnx.ts";
import { checkpointRun, modelRun, runModel, type TorchrunRun, torchrunFiles } from "../formats/torchrun.ts";
import type { TrainingNote } from "../formats/training-note.ts";
import { codeOf, type Model } from "../spec/network.ts";
import type { ExportOptions } from "./export-command.ts";
import { loadCheckpoint } from "./find-checkpoints.ts";
import { embeddedDigits, loadNotedModel, readEmbeddedDigits } from "./input-files.ts";
import type { Io } from "./io.ts";
import { writeFiles } from "./output-files.ts";
import { packageVersion } from "./version.ts";

/** A model to export, what it was trained on if known, and the training that continues from it. */
interface Exported {
  readonly model: Model;
  readonly note: TrainingNote | undefined;
  readonly run: TorchrunRun;
}

type Files = Map<string, string | Uint8Array>;

/**
 * `unsnow export`: writes a model, or a training in progress, in the requested format. Throws an InputError.
 */
export async function exportModel(io: Io, options: ExportOptions): Promise<void> {
  const { format, dtype = "F32", out } = options;
  const { model, note, run } = await loadExported(io, options);
  switch (format) {
    case "safetensors": {
      const bytes = encodeModel(model, note, dtype);
      await writeFiles(io, dirname(out), new Map([[basename(out), bytes]]));
      io.console.log(`${out}: ${bytes.length} bytes, ${dtype}`);
      return;
    }
    case "onnx":
      return write(io, dirname(out), onnxFiles(model, note, basename(out)));
    case "keras":
      return write(io, out, kerasFiles(model, note));
    case "torchrun":
      return write(io, out, await withDigits(io, run));
  }
}

async function loadExported(io: Io, options: ExportOptions): Promise<Exported> {
  const { model: name, checkpoint } = options;
  if (checkpoint !== undefined) {
    const run = checkpointRun(await loadCheckpoint(io, checkpoint));
    return { model: runModel(run), note: run.spec, run };
  }
  if (name === undefined) throw new RangeError("There is nothing to export.");
  const { model, note } = await loadNotedModel(io, name, options);
  return { model, note, run: modelRun(model, note) };
}

/** The whole network, its encoder, its decoder, and a sample to test them with. */
function onnxFiles(model: Model, note: TrainingNote | undefined, name: string): Files {
  const stem = name.replace(/\.onnx$/i, "");
  const files: Files = new Map();
  const parts = codeOf(model.network) ? onnxParts : (["whole"] as const);
  for (const part of parts) {
    const file = part === "whole" ? name : `${stem}.${part}.onnx`;
    files.set(file, encodeOnnx(model, { part, note, version: packageVersion() }));
  }
  return files.set(`${stem}.sample.safetensors`, encodeSample(model));
}

/** Adds the embedded digits to the project, because they are not available elsewhere. */
async function withDigits(io: Io, run: TorchrunRun): Promise<Files> {
  if (run.data.data !== embeddedDigits) return torchrunFiles(run);
  const file = `${embeddedDigits}.idx.gz`;
  const files = torchrunFiles({ ...run, data: { ...run.data, data: file } });
  return files.set(file, await readEmbeddedDigits(io));
}

async function write(io: Io, folder: string, files: Files): Promise<void> {
  await writeFiles(io, folder, files);
  for (const [name, content] of files) {
    io.console.log(`${join(folder, name)}: ${Buffer.byteLength(content)} bytes`);
  }
}
