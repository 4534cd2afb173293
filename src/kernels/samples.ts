import type { SampleFormat } from "../data/samples.ts";
import type { Constants } from "../device/kernel.ts";

/** The constants of shaders/lib/samples.wgsl with their defaults: bytes, a value is byte / 255. */
export const sampleDefaults = { SAMPLE_BITS: 8, SAMPLE_LOW: 0, SAMPLE_SCALE: 1 / 255 };

/** The constants of samples of this format; throws a RangeError for bytes of another range, which kernels do not decode. */
export function sampleConstants({ bits, range: { low, high } }: SampleFormat): Constants {
  if (bits === 8 && (low !== 0 || high !== 255)) {
    throw new RangeError(`Bytes are from 0 to 255 on a device, not from ${low} to ${high}.`);
  }
  return { SAMPLE_BITS: bits, SAMPLE_LOW: low, SAMPLE_SCALE: 1 / (high - low) };
}
