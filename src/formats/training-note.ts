import { fullRange, type SampleFormat, sameRange } from "../data/samples.ts";
import { checkMask, formatMask, parseMask, type SpotMask, spotAlone } from "../spec/blind-spots.ts";
import { InputError } from "../spec/input-error.ts";
import { formatNoise, parseNoise } from "../spec/noise-text.ts";
import { quote } from "../spec/quote.ts";
import type { TrainingSpec } from "../spec/settings.ts";
import { parseSafetensors } from "./safetensors.ts";
import { isJsonObject, parseJsonObject } from "./strict-json.ts";

/**
 * The noise and seed of a model's training, as JSON in __metadata__.training of its file: {"noise": "gaussian:0.5",
 * "seed": 0}. If the samples of its pictures were not read in the full range of their bits, it has "samples", as {"bits": 16, "low": 0,
 * "high": 4095}. If it learned from blind spots, it has "blindSpots" with the mask, as "1x1". Files from other programs, and older ones,
 * lack it.
 */
export interface TrainingNote
  extends Pick<TrainingSpec, "noise" | "seed">,
    Partial<Pick<TrainingSpec, "selfSupervised" | "mask">> {
  readonly samples?: SampleFormat | undefined;
}

/** The key in the file's metadata. */
export const trainingKey = "training";

export function encodeTrainingNote({ noise, seed, samples, selfSupervised, mask }: TrainingNote): string {
  return JSON.stringify({
    ...{ noise: formatNoise(noise), seed },
    ...(samples && samplesJson(samples)),
    ...(selfSupervised && { blindSpots: formatMask(mask ?? spotAlone) }),
  });
}

/** Parses the note of a model file, if it has one; throws an InputError that names the file when it is invalid. */
export function parseTrainingNote(bytes: Uint8Array, name: string): TrainingNote | undefined {
  const json = parseSafetensors(bytes, name).metadata.get(trainingKey);
  if (json === undefined) return undefined;
  const { noise, seed, samples, blindSpots } = parseJsonObject(json, `The training in ${name}`);
  if (typeof noise !== "string") {
    throw new InputError(`The training in ${name} must have a noise in words, but has ${quote(noise)}.`);
  }
  if (typeof seed !== "number" || !Number.isInteger(seed) || seed < 0 || seed >= 2 ** 32) {
    throw new InputError(
      `The training in ${name} must have a seed from 0 to ${2 ** 32 - 1}, but has ${quote(seed)}.`,
    );
  }
  return {
    noise: parsed(() => parseNoise(noise), name),
    seed,
    ...(samples !== undefined && { samples: samplesOf(samples, name) }),
    ...(blindSpots !== undefined && { selfSupervised: true, mask: maskOf(blindSpots, name) }),
  };
}

/** The same, and undefined for a note that another program wrote, or a later version. */
export function readableTrainingNote(bytes: Uint8Array, name: string): TrainingNote | undefined {
  try {
    return parseTrainingNote(bytes, name);
  } catch (error) {
    if (error instanceof InputError) return undefined;
    throw error;
  }
}

/** The entry of a range that is not the full one of the files' bits. */
function samplesJson({ bits, storedBits = bits, range }: SampleFormat) {
  return sameRange(range, fullRange(storedBits)) ? {} : { samples: { bits: storedBits, ...range } };
}

function samplesOf(samples: unknown, name: string): SampleFormat {
  const given: Record<string, unknown> = isJsonObject(samples) ? samples : {};
  const { bits, low, high } = given;
  const known = ([8, 16, 32] as const).find((one) => one === bits);
  if (known !== undefined && typeof low === "number" && typeof high === "number" && low < high) {
    return { bits: known, range: { low, high } };
  }
  throw new InputError(
    `The samples of the training in ${name} must have bits (8, 16 or 32), a low and a higher high, but are ${quote(samples)}.`,
  );
}

function maskOf(text: unknown, name: string): SpotMask {
  if (typeof text !== "string") {
    throw new InputError(
      `The blind spots of the training in ${name} must be a mask in words, but are ${quote(text)}.`,
    );
  }
  const mask = parsed(() => parseMask(text), name);
  parsed(() => checkMask(mask), name);
  return mask;
}

/** What `parse` returns, with errors that name the file. */
function parsed<Value>(parse: () => Value, name: string): Value {
  try {
    return parse();
  } catch (cause) {
    if (!(cause instanceof InputError)) throw cause;
    throw new InputError(`The training in ${name} cannot be used: ${cause.message}`, { cause });
  }
}
