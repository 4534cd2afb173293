import { InvalidArgumentError } from "commander";
import { InputError } from "../spec/input-error.ts";
import { type NoiseSpec, parseNoise } from "../spec/noise.ts";

/*
 * Texts of options as values. Text that cannot be read is wrong usage, which commander reports; whether a value is in
 * range is not asked here but where the value is used.
 */

/** Reads a number in decimal, as 128, 0.95, 1e-7 or Infinity, which no setting can be. */
export function number(text: string): number {
  if (!/^\s*[+-]?(\d+\.?\d*(e[+-]?\d+)?|\.\d+(e[+-]?\d+)?|Infinity)\s*$/i.test(text)) {
    throw new InvalidArgumentError(`"${text}" is not a number.`);
  }
  return Number(text);
}

/** Reads the name of a file or a folder: an empty one comes of a variable that was not set. */
export function fileName(text: string): string {
  if (text.trim() === "") throw new InvalidArgumentError("It is empty.");
  return text;
}

/** Reads "32" or "512,128,512". */
export function widths(text: string): number[] {
  return text.split(",").map(number);
}

/** Reads "gaussian:0.5" or "none"; a noise that is known but out of range is an InputError. */
export function noise(text: string): NoiseSpec {
  const [name = "", ...settings] = text.split(":");
  try {
    parseNoise(name);
  } catch (error) {
    if (error instanceof InputError) throw new InvalidArgumentError(error.message);
    throw error;
  }
  settings.forEach(number);
  return parseNoise(text);
}
