import { InputError } from "./input-error.ts";
import { checkNoise, type NoiseSetting, type NoiseSpec, type NoiseStage, noNoise } from "./noise.ts";
import { type NoiseKind, noiseBlends, noiseKindNames, noiseKinds } from "./noise-kinds.ts";
import { quote } from "./quote.ts";

/*
 * The text form of a noise: stages joined by "+", each with its setting after ":", for example "blur:1+gaussian:0.1",
 * or "none". A setting may be a range, "gaussian:0.1..0.6", optionally drawn by a power of the number,
 * "gaussian:0.1..0.6^-2". "+unclipped" at the end omits the clipping to [0, 1].
 */

const unclipped = "unclipped";

const decimal = /^-?(\d+(\.\d*)?|\.\d+)(e-?\d+)?$/i;

/** The kinds of stages that a name stands for. */
const kindsOf = new Map<string, readonly NoiseKind[]>([
  ...noiseKindNames.map((kind) => [kind, [kind]] as const),
  ...Object.entries(noiseBlends).map(([name, { kinds }]) => [name, kinds] as const),
]);

/** Parses the text form and checks it; throws an InputError that names the error or lists the valid forms. */
export function parseNoise(text: string): NoiseSpec {
  const noise = readNoise(text);
  checkNoise(noise);
  return noise;
}

/** Parses the text form without checking ranges; throws an InputError when it is not valid. */
export function readNoise(text: string): NoiseSpec {
  const words = text.split("+").map((word) => word.trim());
  if (words.length === 1 && words[0] === "none") return noNoise;
  const clip = words.at(-1) !== unclipped;
  const stages = clip ? words : words.slice(0, -1);
  if (stages.length === 0) throw unknownNoise(text);
  return { stages: stages.flatMap((word) => readStages(word, text)), clip };
}

/** The text form of a noise, as accepted by parseNoise. */
export function formatNoise({ stages, clip }: NoiseSpec): string {
  if (stages.length === 0) return "none";
  const words = stages.map(({ kind, setting }) => `${kind}:${formatSetting(setting)}`);
  return [...words, ...(clip ? [] : [unclipped])].join("+");
}

/** "0.5", or "0.1..0.6" for a range, or "0.1..0.6^-2" for a range drawn by a power. */
export function formatSetting(setting: NoiseSetting): string {
  if (typeof setting === "number") return String(setting);
  const [low, high, power = 0] = setting;
  return `${low}..${high}${power === 0 ? "" : `^${power}`}`;
}

/** Parses "gaussian:0.5", or the name of a blend with all its settings; missing settings get their defaults. */
function readStages(word: string, text: string): NoiseStage[] {
  const [name = "", ...settings] = word.split(":");
  const kinds = kindsOf.get(name.trim());
  if (!kinds || settings.length > kinds.length) throw unknownNoise(text);
  return kinds.map((kind, index) => {
    const setting = settings[index];
    return { kind, setting: setting === undefined ? noiseKinds[kind].standard : readSetting(setting, text) };
  });
}

function readSetting(setting: string, text: string): NoiseSetting {
  const numberOf = (word: string) => {
    if (decimal.test(word.trim())) return Number(word);
    throw new InputError(`The noise ${quote(text)} cannot be read: ${quote(word)} is not a number.`);
  };
  const [range = "", ...powers] = setting.split("^");
  const [low = Number.NaN, high, ...others] = range.split("..").map(numberOf);
  if (others.length > 0) {
    throw new InputError(
      `The noise ${quote(text)} cannot be read: a range is two numbers, but ${quote(setting)} has ${others.length + 2}.`,
    );
  }
  const [power, ...morePowers] = powers.map(numberOf);
  if (morePowers.length > 0) {
    throw new InputError(
      `The noise ${quote(text)} cannot be read: a range has one power, but ${quote(setting)} has ${powers.length}.`,
    );
  }
  if (power !== undefined && high === undefined) {
    throw new InputError(
      `The noise ${quote(text)} cannot be read: only a range can have a power, but ${quote(setting)} is one number.`,
    );
  }
  if (high === undefined) return low;
  return power === undefined || power === 0 ? [low, high] : [low, high, power];
}

function unknownNoise(text: string): InputError {
  const forms = noiseKindNames.map((kind) => `${kind}:${noiseKinds[kind].standard}`);
  const last = "poisson-gaussian:30:0.02, or several joined by +";
  return new InputError(`The noise ${quote(text)} is not known: write none, ${forms.join(", ")}, ${last}.`);
}
