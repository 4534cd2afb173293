import { InvalidArgumentError, Option } from "commander";
import { parseRange, type RangeChoice } from "../data/sample-range.ts";
import type { FilterName } from "../filters/filter.ts";
import { filters } from "../filters/filters.ts";
import { InputError } from "../spec/input-error.ts";
import type { HiddenLayer } from "../spec/layer-specs.ts";
import { parseLayers } from "../spec/layer-text.ts";
import { checkNoise, type NoiseSpec } from "../spec/noise.ts";
import { readNoise } from "../spec/noise-text.ts";
import type { Setting } from "../spec/setting-kinds.ts";

/*
 * Parsers of option values. Commander reports text that cannot be parsed as wrong usage. The code that uses a value checks
 * its range.
 */

/** Parses a decimal number, for example 128, 0.95, 1e-7 or Infinity, which the range checks reject. */
export function number(text: string): number {
  if (!/^\s*[+-]?(\d+\.?\d*(e[+-]?\d+)?|\.\d+(e[+-]?\d+)?|Infinity)\s*$/i.test(text)) {
    throw new InvalidArgumentError(`"${text}" is not a number.`);
  }
  return Number(text);
}

/** Parses the name of a file or a folder; rejects an empty one, which usually comes from an unset shell variable. */
export function fileName(text: string): string {
  if (text.trim() === "") throw new InvalidArgumentError("It is empty.");
  return text;
}

/** Parses "28x28" (rows x columns) or "32x32x3" (with channels). */
export function imageSize(text: string): number[] {
  if (/^\d{1,7}x\d{1,7}(x[13])?$/.test(text)) return text.split("x").map(Number);
  throw new InvalidArgumentError(`"${text}" is not an image size: write 28x28, or 32x32x3 in colour.`);
}

/** Parses hidden layers, for example "512,128,512" or "conv:32x7". */
export function hiddenLayersOption(text: string): HiddenLayer[] {
  return orWrongUsage(() => parseLayers(text));
}

/** Parses "gaussian:0.5", "blur:1+gaussian:0.1" or "none"; throws an InputError for a noise out of range. */
export function noise(text: string): NoiseSpec {
  const spec = orWrongUsage(() => readNoise(text));
  checkNoise(spec);
  return spec;
}

/** Parses the sample values of black and white, for example "0..4095", or "auto". */
export function range(text: string): RangeChoice {
  return orWrongUsage(() => parseRange(text));
}

/** The option for the sample values of black and white. */
export function rangeOption(usual: string): Option {
  return new Option(
    "--range <low..high>",
    `the samples of pictures that are black and white, or auto for their lowest and highest (default: ${usual})`,
  ).argParser(range);
}

/** The default of --range without a model. */
export const usualRange =
  "what 8 or 16 bits can hold, or 10, 12 or 14 bits if no 16-bit sample exceeds them; floats from 0 to 1";

/** Parses "none" or names of filters, for example "gaussian,median"; removes repeated names. */
export function filterNames(text: string): FilterName[] {
  if (text === "none") return [];
  const known = Object.values(filters).map(({ name }) => name);
  const names = text.split(",").map((word) => {
    const found = known.find((name) => name === word.trim());
    if (found) return found;
    throw new InvalidArgumentError(
      `The filter "${word}" is not known: write none, or some of ${known.join(",")}.`,
    );
  });
  return [...new Set(names)];
}

/** The option of a setting: `--batch <images>`, parsed by the setting; `--fixed-noise` for a flag. */
export function settingOption<T>(setting: Setting<T>, help = setting.help): Option {
  const { kind, option, value, names, parse } = setting;
  if (kind === "flag") return new Option(`--${option}`, help);
  const written = new Option(`--${option} <${value}>`, help);
  return names ? written.choices(names) : written.argParser((text) => orWrongUsage(() => parse(text)));
}

/** The same with the setting's default, which the help shows. */
export function settingOptionWithDefault<T>(setting: Setting<T>): Option {
  const { kind, default: value, format } = setting;
  if (kind === "flag") return settingOption(setting);
  return settingOption(setting).default(value, kind === "text" ? format(value) : undefined);
}

/** The result of `read`; reports its InputError as wrong usage. */
function orWrongUsage<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof InputError) throw new InvalidArgumentError(error.message);
    throw error;
  }
}
