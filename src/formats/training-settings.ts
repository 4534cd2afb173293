import { hiddenLayers, layersJson, outputNames } from "../spec/layers.ts";
import { formatNoise, parseNoise } from "../spec/noise-text.ts";
import { type OptimizerSpec, optimizerNames } from "../spec/optimizer.ts";
import { type PatchSpec, patchLimits } from "../spec/patch.ts";
import { formatSchedule, parseSchedule } from "../spec/schedule.ts";
import { initializationNames, lossNames, type TrainingSpec, trainingLimits } from "../spec/training.ts";
import type { JsonFields } from "./json-fields.ts";
import type { JsonObject } from "./strict-json.ts";

/** The most characters of a noise or a schedule. */
const longestText = 1000;

/** A training's settings as JSON, by the names that the program's options have; all of them, the standard ones too. */
export function trainingSettings(spec: TrainingSpec): JsonObject {
  const { noise, noise2noise, shift, fixedNoise, hidden, output, initialization, centre, loss } = spec;
  const { epochs, batch, shuffle, optimizer, schedule, seed, patches } = spec;
  const { name, ...optimizerSettings } = optimizer;
  return {
    ...(patches && { patch: patches.side, patches: patches.count, valPatches: patches.validation }),
    ...(patches && { flips: patches.flips }),
    ...{ noise: formatNoise(noise), noise2noise, shift, fixedNoise },
    ...{ hidden: layersJson(hidden), output, initialization, centre, loss, epochs, batch, shuffle },
    ...{ optimizer: name, ...optimizerSettings, schedule: formatSchedule(schedule), seed },
  };
}

/**
 * Reads the settings of a training on whole images; throws an InputError for what is none. That they go together, and with the
 * images, is for checkTraining to say.
 */
export function readTrainingSettings(fields: JsonFields): TrainingSpec {
  return {
    hidden: fields.value("hidden", "a list of layers", hiddenLayers),
    output: fields.oneOf("output", outputNames),
    initialization: fields.oneOf("initialization", initializationNames),
    centre: fields.flag("centre", false),
    loss: fields.oneOf("loss", lossNames),
    noise: fields.read("noise", longestText, parseNoise),
    noise2noise: fields.flag("noise2noise"),
    // Files of earlier versions have none.
    shift: fields.optional("shift", (key) => fields.integer(key, 0, trainingLimits.shift)) ?? 0,
    fixedNoise: fields.flag("fixedNoise"),
    epochs: fields.integer("epochs", 1, trainingLimits.epochs),
    batch: fields.integer("batch", 1, trainingLimits.batch),
    shuffle: fields.flag("shuffle"),
    optimizer: readOptimizer(fields),
    schedule: fields.read("schedule", longestText, parseSchedule),
    seed: fields.integer("seed", 0, trainingLimits.seed),
  };
}

/** Reads the settings of a training on patches; nothing where it is one on whole images. */
export function readPatchSettings(fields: JsonFields): PatchSpec | undefined {
  const count = (key: string) => fields.integer(key, 1, patchLimits.count);
  const side = fields.optional("patch", (key) => fields.integer(key, 1, patchLimits.side));
  if (side === undefined) return undefined;
  return { side, count: count("patches"), validation: count("valPatches"), flips: fields.flag("flips") };
}

function readOptimizer(fields: JsonFields): OptimizerSpec {
  const name = fields.oneOf("optimizer", optimizerNames);
  const [lr, epsilon] = [fields.number("lr"), fields.number("epsilon")];
  switch (name) {
    case "adadelta":
      return { name, lr, rho: fields.number("rho"), epsilon };
    case "adam":
      return { name, lr, beta1: fields.number("beta1"), beta2: fields.number("beta2"), epsilon };
  }
}
