import { InputError } from "../spec/input-error.ts";
import { quote } from "../spec/quote.ts";
import { fullRange, type SampleBits, type SampleFormat, type SampleRange } from "./samples.ts";

/** The value of --range: two sample values, or the lowest and highest of the pictures. */
export type RangeChoice = SampleRange | "auto";

/** Reads "0..4095" or "auto"; throws an InputError for any other text. */
export function parseRange(text: string): RangeChoice {
  if (text === "auto") return text;
  const [low, high, ...more] = text
    .split("..")
    .map((part) => (part.trim() === "" ? Number.NaN : Number(part)));
  if (
    low === undefined ||
    high === undefined ||
    more.length > 0 ||
    !(low < high) ||
    high - low === Infinity
  ) {
    throw new InputError(
      `A range is auto or two numbers, the lower one first, such as 0..4095, but it is ${quote(text)}.`,
    );
  }
  return { low, high };
}

export function rangeText({ low, high }: SampleRange): string {
  return `${low}..${high}`;
}

/** The kinds of samples in files: unsigned of 8 and 16 bits, signed of 16, and float32. */
export type SampleKind = "u8" | "u16" | "i16" | "f32";

export const kindBits: Readonly<Record<SampleKind, SampleBits>> = { u8: 8, u16: 16, i16: 16, f32: 32 };

/** The facts that decide a picture's range. */
export interface SampleFacts {
  readonly name: string;
  readonly kind: SampleKind;
  /** The lowest and the highest sample, without alpha. For bytes they matter only with the range auto. */
  readonly low: number;
  readonly high: number;
}

/** The range of the pictures of a set by kind, and a sentence if it is a guess. */
export interface ChosenRanges {
  readonly of: ReadonlyMap<SampleKind, SampleRange>;
  readonly remark?: string | undefined;
}

/** Highest samples of 10, 12 and 14 bits that are stored in 16. */
const fewerBits = [10, 12, 14] as const;

/**
 * One range for all pictures of a set with this `name`. Without a choice it is that of the model, `trained`, if the samples have as many
 * bits and lie in it. Otherwise it is the full range, or for 16 bits that of 10, 12 or 14 bits if no sample exceeds it. Throws an
 * InputError if a range is needed but not given, or given for samples of several kinds.
 */
export function chooseRanges(
  facts: readonly SampleFacts[],
  name: string,
  choice?: RangeChoice,
  trained?: SampleFormat,
): ChosenRanges {
  const byKind = new Map<SampleKind, SampleFacts[]>();
  for (const fact of facts) byKind.set(fact.kind, [...(byKind.get(fact.kind) ?? []), fact]);
  const [first, second] = [...byKind.values()];
  if (choice !== undefined && first?.[0] && second?.[0]) {
    throw new InputError(
      `A range is for samples of one kind, but ${first[0].name} has ${kindText[first[0].kind]} and ${second[0].name} has ${kindText[second[0].kind]}: leave --range out, or give the pictures of each kind alone.`,
    );
  }
  const remarks: string[] = [];
  const ranges = [...byKind].map(([kind, some]): [SampleKind, SampleRange] => {
    const { range, remark } = rangeOf(kind, some, name, choice, trained);
    if (remark !== undefined) remarks.push(remark);
    return [kind, range];
  });
  return { of: new Map(ranges), remark: remarks.length > 0 ? remarks.join("\n") : undefined };
}

const kindText: Readonly<Record<SampleKind, string>> = {
  u8: "8 bits",
  u16: "16 bits",
  i16: "signed 16 bits",
  f32: "32-bit floats",
};

function rangeOf(
  kind: SampleKind,
  facts: readonly SampleFacts[],
  setName: string,
  choice: RangeChoice | undefined,
  trained: SampleFormat | undefined,
): { readonly range: SampleRange; readonly remark?: string } {
  const low = facts.reduce((lowest, fact) => Math.min(lowest, fact.low), Infinity);
  const high = facts.reduce((highest, fact) => Math.max(highest, fact.high), -Infinity);
  const [only] = facts;
  const name = facts.length === 1 && only ? only.name : setName;
  if (choice === "auto") {
    if (low === high) {
      throw new InputError(`All samples of ${name} are ${low}, so they have no range: give it with --range.`);
    }
    return {
      range: { low, high },
      remark: `${name}: samples from ${low} to ${high} are read as black to white`,
    };
  }
  if (choice) return { range: choice };
  const bits = kindBits[kind];
  const known = trained?.range;
  if (
    known &&
    (trained.storedBits ?? trained.bits) === bits &&
    (kind === "u8" || (low >= known.low && high <= known.high))
  ) {
    return {
      range: known,
      remark: `${name}: read as ${rangeText(known)}, which the model was trained on; give --range to choose`,
    };
  }
  const full = fullRange(bits);
  if (kind === "i16") {
    throw new InputError(
      `${only?.name ?? name} has signed samples of 16 bits: give the ones that are black and white, as --range ${rangeText({ low, high: Math.max(high, low + 1) })}, or --range auto.`,
    );
  }
  if (kind === "f32") {
    const outside = facts.find((fact) => fact.low < 0 || fact.high > 1);
    if (!outside) return { range: full };
    throw new InputError(
      `${outside.name} has floats from ${outside.low} to ${outside.high}, which are not all from 0 to 1: give the ones that are black and white with --range, or --range auto.`,
    );
  }
  const fewer = kind === "u16" ? fewerBits.find((few) => high < 2 ** few) : undefined;
  if (fewer === undefined) return { range: full };
  const most = 2 ** fewer - 1;
  return {
    range: { low: 0, high: most },
    remark: `${name}: no sample above ${most}: read as ${fewer} bits; give --range to choose`,
  };
}
