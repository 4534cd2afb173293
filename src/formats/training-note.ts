import { InputError } from "../spec/input-error.ts";
import type { NoiseSpec } from "../spec/noise.ts";
import { formatNoise, parseNoise } from "../spec/noise-text.ts";
import { quote } from "../spec/quote.ts";
import type { TrainingSpec } from "../spec/settings.ts";
import { parseSafetensors } from "./safetensors.ts";
import { parseJsonObject } from "./strict-json.ts";

/**
 * The noise and seed of a model's training, as JSON in __metadata__.training of its file: {"noise": "gaussian:0.5",
 * "seed": 0}. Files from other programs, and older ones, lack it.
 */
export type TrainingNote = Pick<TrainingSpec, "noise" | "seed">;

/** The key in the file's metadata. */
export const trainingKey = "training";

export function encodeTrainingNote({ noise, seed }: TrainingNote): string {
  return JSON.stringify({ noise: formatNoise(noise), seed });
}

/** Parses the note of a model file, if it has one; throws an InputError that names the file when it is invalid. */
export function parseTrainingNote(bytes: Uint8Array, name: string): TrainingNote | undefined {
  const json = parseSafetensors(bytes, name).metadata.get(trainingKey);
  if (json === undefined) return undefined;
  const { noise, seed } = parseJsonObject(json, `The training in ${name}`);
  if (typeof noise !== "string") {
    throw new InputError(`The training in ${name} must have a noise in words, but has ${quote(noise)}.`);
  }
  if (typeof seed !== "number" || !Number.isInteger(seed) || seed < 0 || seed >= 2 ** 32) {
    throw new InputError(
      `The training in ${name} must have a seed from 0 to ${2 ** 32 - 1}, but has ${quote(seed)}.`,
    );
  }
  return { noise: noiseOf(noise, name), seed };
}

/** `parseNoise`, with errors that name the file. */
function noiseOf(text: string, name: string): NoiseSpec {
  try {
    return parseNoise(text);
  } catch (cause) {
    if (!(cause instanceof InputError)) throw cause;
    throw new InputError(`The training in ${name} cannot be used: ${cause.message}`, { cause });
  }
}
