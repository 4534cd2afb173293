import { InputError } from "./input-error.ts";

/** Throws an InputError unless `value` is an integer from `min` to `max`, both included. */
export function checkInteger(what: string, value: number, min: number, max: number): void {
  if (!Number.isInteger(value) || value < min || value > max) {
    throw new InputError(`${what} must be a whole number from ${min} to ${max}, but it is ${value}.`);
  }
}

/** Throws an InputError unless `value` is a finite number from `min` to `max`, both included. */
export function checkNumber(what: string, value: number, min: number, max: number): void {
  if (!Number.isFinite(value) || value < min || value > max) {
    throw new InputError(`${what} must be a number from ${min} to ${max}, but it is ${value}.`);
  }
}
