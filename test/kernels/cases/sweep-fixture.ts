import { newSamples, type SampleBits, type SampleFormat } from "../../../src/data/samples.ts";
import { noTrouble } from "../../../src/kernels/sweep.ts";
import { padRows, quads } from "../../../src/math/layout.ts";

/** `struct Cursor` with both values given. */
export function cursor(next: number, current: number, trouble: number = noTrouble): Uint32Array<ArrayBuffer> {
  return Uint32Array.from([next, current, trouble]);
}

/** Formats of samples other than bytes: of 16 bits, of 12 in 16 bits, and float32 between two numbers. */
export const deepFormats: readonly SampleFormat[] = [
  { bits: 16, range: { low: 0, high: 65_535 } },
  { bits: 16, range: { low: 100, high: 4095 } },
  { bits: 32, range: { low: -0.5, high: 1.25 } },
];

/** The text of a format in the name of a case; none for bytes. */
export function formatName({ bits, range: { low, high } }: SampleFormat): string {
  return bits === 8 ? "" : `, ${bits} bits from ${low} to ${high}`;
}

/**
 * The clean batch of a device, of values [count, pixels]: bytes if the samples are bytes, and otherwise float32, which a difference and
 * a product of float32 may have rounded.
 */
export function cleanWords(values: Float64Array, pixels: number, bits: SampleBits) {
  if (bits === 8)
    return exactly(
      packedWords(
        values.map((value) => Math.round(255 * value)),
        pixels,
      ),
    );
  return { values: padRows(values, values.length / pixels, pixels), atol: 0, rtol: 3 * 2 ** -23 };
}

/** Exactly these values. */
export function exactly(values: ArrayLike<number>) {
  return { values, atol: 0, rtol: 0 };
}

/** Images of samples [count, pixels], by default bytes, as words. Each image has whole quads of samples. */
export function packedWords(
  samples: ArrayLike<number>,
  pixels: number,
  bits: SampleBits = 8,
): Uint32Array<ArrayBuffer> {
  const stride = 4 * quads(pixels);
  const packed = newSamples(bits, (samples.length / pixels) * stride);
  for (let index = 0; index < samples.length; index++) {
    packed[Math.floor(index / pixels) * stride + (index % pixels)] = samples[index] ?? 0;
  }
  return new Uint32Array(packed.buffer);
}
