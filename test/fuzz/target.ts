import type { Dice } from "./dice.ts";

/** A reader of external input, and how to make inputs that are almost valid. */
export interface Target<I = Uint8Array | string> {
  readonly name: string;
  make(dice: Dice): I;
  /** Reads an input and writes the result as a file again; undefined if it is never written. Throws the reader's errors. */
  read(input: I): Promise<I | undefined>;
}
