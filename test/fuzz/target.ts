import type { Dice } from "./dice.ts";

/** A reader of what comes from outside, and how to make inputs that are nearly good. */
export interface Target<I = Uint8Array | string> {
  readonly name: string;
  make(dice: Dice): I;
  /** Reads an input and writes what was read as a file again; undefined where it is never written. Throws as the reader does. */
  read(input: I): Promise<I | undefined>;
}
