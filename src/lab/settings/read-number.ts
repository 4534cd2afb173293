import { InputError } from "../../spec/input-error.ts";

/** The number that was typed; throws an InputError that begins with `what` if it is none. */
export function readNumber(what: string, text: string): number {
  const value = text.trim() === "" ? Number.NaN : Number(text);
  if (Number.isNaN(value)) {
    throw new InputError(
      `${what} must be a number, but ${text.trim() === "" ? "nothing" : `"${text}"`} is given.`,
    );
  }
  return value;
}
