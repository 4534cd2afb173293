import { optimizerNumbers, optimizerOf } from "../spec/optimizer.ts";
import { type PatchSpec, patchKeys, patchSettings } from "../spec/patch.ts";
import { tableToJson } from "../spec/setting-kinds.ts";
import { flatSettings, settings, type TrainingSpec } from "../spec/settings.ts";
import type { JsonFields } from "./json-fields.ts";
import type { JsonObject } from "./strict-json.ts";

/** All settings of a training as JSON, including defaults, under the names of the program's options. */
export function trainingSettings(spec: TrainingSpec): JsonObject {
  const { optimizer, patches } = spec;
  const json = tableToJson(settings, flatSettings(spec));
  return {
    ...(patches && patchSettingsJson(patches)),
    // The optimizer's numeric settings follow its name.
    ...Object.fromEntries(
      Object.entries(json).flatMap(([key, value]) =>
        key === "optimizer" ? [[key, value], ...Object.entries(optimizerNumbers(optimizer))] : [[key, value]],
      ),
    ),
  };
}

/**
 * Parses the settings of a training on whole images; throws an InputError for invalid ones. checkTraining checks
 * whether they are consistent with each other and with the images.
 */
export function readTrainingSettings(fields: JsonFields): TrainingSpec {
  const flat = fields.settings(settings);
  const optimizer = optimizerOf(flat.optimizer, (key, setting) => fields.setting(key, setting));
  return { ...flat, optimizer };
}

/** Parses the settings of a training on patches; undefined for a training on whole images. */
export function readPatchSettings(fields: JsonFields): PatchSpec | undefined {
  return fields.optional(patchKeys.side, () => fields.settings(patchSettings, patchKeys));
}

function patchSettingsJson(patches: PatchSpec): JsonObject {
  const json = Object.entries(tableToJson(patchSettings, patches));
  const names: Readonly<Record<string, string>> = patchKeys;
  return Object.fromEntries(json.map(([key, value]) => [names[key], value]));
}
