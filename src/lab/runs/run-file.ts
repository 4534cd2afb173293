import { JsonFields } from "../../formats/json-fields.ts";
import { checkWeights, parseModel } from "../../formats/model-file.ts";
import { parseJsonObject } from "../../formats/strict-json.ts";
import { readTrainingSettings, trainingSettings } from "../../formats/training-settings.ts";
import { families } from "../../kernels/family.ts";
import { InputError } from "../../spec/input-error.ts";
import { type NetworkSpec, networkLimits } from "../../spec/network.ts";
import { trainingLimits } from "../../spec/settings.ts";
import { checkTraining } from "../../spec/training.ts";
import type { EpochRecord } from "../../training/history.ts";
import { type EpochScores, type KeptImages, type KeptModel, type KeptRun, tidyName } from "./run-record.ts";

/*
 * A run file holds one kept run: a line of JSON in UTF-8 and, after its line feed, the model's safetensors file unchanged
 * (src/formats/model-file.ts), or nothing if "model" is null. The line is an object with "format": "unsnow-run",
 * "version": 1, and what `lineOf` writes; other members are ignored. A number that is not finite is null.
 */

const format = "unsnow-run";
const version = 1;

/** The ending of the files' names. */
export const runFileEnding = ".unsnow";

/** The maximum length of the line in bytes: about 70,000 epochs. */
const longestLine = 2 ** 23;

/** The maximum size of a file in bytes: the line, and a model of the maximum size. */
export const maxRunFileBytes = longestLine + 2 ** 30;

/** The maximum length of the name of an adapter or a file, in characters. */
const longestText = 1000;

/** The maximum number of files, more than any set of images has. */
const mostFiles = 16;

const mostImages = 2 ** 32;

/** The contents of a run file. The run has no id, because it gets a new one wherever the file is read. */
export interface RunFile {
  readonly run: Omit<KeptRun, "id">;
  readonly model: KeptModel | undefined;
}

/** The parts of a run's file, in order; throws an InputError if the run is too long for a file. */
export function encodeRun(run: KeptRun, model: KeptModel | undefined): BlobPart[] {
  const line = new TextEncoder().encode(`${JSON.stringify(lineOf(run, model))}\n`);
  if (line.length > longestLine) {
    throw new InputError(
      `${run.name} has ${run.epochs.length} epochs, so its file would begin with ${line.length} bytes of history, but at most ${longestLine} can be read back: export the history and the model instead.`,
    );
  }
  return model ? [line, model.bytes] : [line];
}

function lineOf(
  { name, created, adapter, kernels, images, spec, epochs, scores }: KeptRun,
  model?: KeptModel,
) {
  return {
    ...{ format, version, name, created: new Date(created).toISOString() },
    ...{ adapter, kernels: kernels ?? null, images, settings: trainingSettings(spec), epochs, scores },
    model: model ? { epoch: model.epoch, step: model.step } : null,
  };
}

/** Reads a run file and checks all of it, including the model; throws an InputError that names the file. */
export function parseRun(bytes: Uint8Array<ArrayBuffer>, name: string): RunFile {
  const end = bytes.subarray(0, longestLine).indexOf(0x0a);
  if (end < 0) throw new InputError(`${name} is not a run of unsnow: it does not begin with a line of JSON.`);
  const what = `The run in ${name}`;
  const fields = new JsonFields(parseJsonObject(decode(bytes.subarray(0, end), name), what), what);
  fields.oneOf("format", [format]);
  const given = fields.number("version");
  if (given !== version) {
    throw new InputError(`${what} is of version ${given}, but this page reads only version ${version}.`);
  }
  const { run, network } = readRun(fields, name);
  const place = fields.optional("model", (key) => fields.object(key, `The model of ${name}`));
  if (!place) return { run, model: undefined };
  const model: KeptModel = {
    epoch: place.integer("epoch", 0, run.spec.epochs),
    step: place.integer("step", 0, Number.MAX_SAFE_INTEGER),
    bytes: bytes.slice(end + 1),
  };
  checkWeights(parseModel(model.bytes, name), network, name);
  return { run, model };
}

function decode(bytes: Uint8Array, name: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new InputError(`${name} is not a run of unsnow: its first line is not UTF-8.`, { cause });
  }
}

function readRun(fields: JsonFields, name: string): { run: RunFile["run"]; network: NetworkSpec } {
  const images = readImages(fields.object("images", `The images of ${name}`));
  const spec = readTrainingSettings(fields.object("settings", `The settings of ${name}`));
  const { rows, columns, trainingImages: count } = images;
  const network = named(name, () => checkTraining(spec, { rows, columns, count }));
  const adapter = fields.object("adapter", `The adapter of ${name}`);
  const epochs = fields
    .objects("epochs", spec.epochs, (number) => `Epoch ${number} of ${name}`)
    .map(readEpoch);
  const run = {
    name: tidyName(fields.text("name", longestText)) || "A run without a name",
    created: fields.read("created", longestText, readTime),
    adapter: { name: adapter.text("name", longestText), software: adapter.flag("software") },
    kernels: fields.optional("kernels", (key) => fields.oneOf(key, families)),
    ...{ images, spec, epochs, scores: readScores(fields, epochs.length, name) },
  };
  return { run, network };
}

function readTime(text: string): number {
  const time = Date.parse(text);
  if (Number.isNaN(time)) throw new InputError("it does not say when it was made.");
  return time;
}

function readImages(fields: JsonFields): KeptImages {
  const namesIn = (key: string) => fields.texts(key, mostFiles, longestText).map(tidyName);
  const twins = fields.optional("twins", namesIn);
  return {
    files: namesIn("files"),
    ...(twins && { twins }),
    rows: fields.integer("rows", 1, networkLimits.inputs),
    columns: fields.integer("columns", 1, networkLimits.inputs),
    trainingImages: fields.integer("trainingImages", 1, mostImages),
    validationImages: fields.integer("validationImages", 1, mostImages),
  };
}

function readEpoch(fields: JsonFields, index: number): EpochRecord {
  return {
    epoch: fields.integer("epoch", index + 1, index + 1),
    loss: fields.number("loss"),
    valLoss: fields.number("valLoss"),
    valPsnr: fields.numberOrInfinity("valPsnr"),
    seconds: fields.number("seconds"),
  };
}

function readScores(fields: JsonFields, epochs: number, name: string): EpochScores[] {
  let before = 0;
  return fields
    .objects("scores", epochs, (number) => `Score ${number} of ${name}`)
    .map((score) => {
      const epoch = score.integer("epoch", before + 1, Math.min(epochs, trainingLimits.epochs));
      before = epoch;
      return {
        epoch,
        psnr: score.numberOrInfinity("psnr"),
        ssim: score.optional("ssim", (key) => score.number(key)),
      };
    });
}

/** The result of `check`; its errors name the file. */
function named<T>(name: string, check: () => T): T {
  try {
    return check();
  } catch (cause) {
    if (!(cause instanceof InputError)) throw cause;
    throw new InputError(`The settings of ${name} cannot be used: ${cause.message}`, { cause });
  }
}
