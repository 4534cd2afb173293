import { InputError } from "../spec/input-error.ts";

/**
 * Samples as a file stores them: 8 bits, 16 bits, or float32. They keep this depth on the device. `SampleRange` gives
 * their meaning.
 */
export type Samples = Uint8Array<ArrayBuffer> | Uint16Array<ArrayBuffer> | Float32Array<ArrayBuffer>;

/** Bits of a sample; those of 32 bits are float32. */
export type SampleBits = 8 | 16 | 32;

/** The sample values of black (0) and white (1); values between are mapped linearly. */
export interface SampleRange {
  readonly low: number;
  readonly high: number;
}

/** The default range: all values of 8 or 16 bits, and float32 from 0 to 1. */
export function fullRange(bits: SampleBits): SampleRange {
  return { low: 0, high: bits === 32 ? 1 : 2 ** bits - 1 };
}

export function sameRange(a: SampleRange, b: SampleRange): boolean {
  return a.low === b.low && a.high === b.high;
}

/** The format of samples. */
export interface SampleFormat {
  readonly bits: SampleBits;
  readonly range: SampleRange;
  /** Bits of the samples in their files, if these were stored in more. */
  readonly storedBits?: SampleBits | undefined;
}

export const bytes8: SampleFormat = { bits: 8, range: fullRange(8) };

export function bitsOf(samples: Samples): SampleBits {
  return (8 * samples.BYTES_PER_ELEMENT) as SampleBits;
}

/** Samples of the value 0. */
export function newSamples(bits: SampleBits, count: number): Samples {
  if (bits === 8) return new Uint8Array(count);
  return bits === 16 ? new Uint16Array(count) : new Float32Array(count);
}

/** The samples in these bytes, in the machine's byte order, which is little-endian wherever JavaScript engines run. */
export function samplesIn(bytes: Uint8Array<ArrayBuffer>, bits: SampleBits): Samples {
  const { buffer, byteOffset, byteLength } = bytes;
  if (bits === 8) return bytes;
  if (bits === 16) return new Uint16Array(buffer, byteOffset, byteLength / 2);
  return new Float32Array(buffer, byteOffset, byteLength / 4);
}

/** The same memory as bytes. */
export function bytesOf({ buffer, byteOffset, byteLength }: Samples): Uint8Array<ArrayBuffer> {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

// A plain loop: see pixel-bytes.ts.

/** Samples as numbers: 0 black, 1 white. */
export function valuesOf(samples: Samples, { low, high }: SampleRange): Float32Array<ArrayBuffer> {
  const values = new Float32Array(samples);
  const span = high - low;
  for (let index = 0; index < values.length; index++) values[index] = ((values[index] ?? 0) - low) / span;
  return values;
}

/** A set of samples: images of one size, or pictures. */
export interface SampledSet {
  readonly name: string;
  readonly format?: SampleFormat | undefined;
}

/** The format of all of these sets, 8 bits without one; throws an InputError that names two that differ. */
export function commonFormat(sets: readonly (SampledSet | undefined)[]): SampleFormat {
  const [first, ...others] = sets.flatMap((set) => set ?? []);
  const format = first?.format ?? bytes8;
  const other = others.find(({ format: its = bytes8 }) => formatText(its) !== formatText(format));
  if (first && other) {
    throw new InputError(
      `All images of a training must have samples of one kind, but ${first.name} has ${formatText(format)} and ${other.name} has ${formatText(other.format ?? bytes8)}.`,
    );
  }
  return format;
}

/** "16 bits from 0 to 4095" */
function formatText({ bits, range: { low, high } }: SampleFormat): string {
  return `${bits === 32 ? "32-bit floats" : `${bits} bits`} from ${low} to ${high}`;
}
