// The samples of images, of 8, 16 or 32 bits (float32), as numbers: (sample - low) scale.
// Twin: shaders/lib/samples.wgsl. Bytes have their own, faster loops (pixels.ts, view.ts, blur.ts).
import { placeOfColumn, placeOfRow } from "./view";

/** Bits, the sample that is black, and 1 / (the sample that is white - low). Per thread; each kernel sets them first. */
export let sampleBits: u32 = 8;
let low: f32 = 0;
let scale: f32 = 0;

export function setSamples(bits: u32, black: f32, factor: f32): void {
  sampleBits = bits;
  low = black;
  scale = factor;
}

/** Bytes of a sample. */
// @ts-ignore: decorator
@inline
export function sampleBytes(): usize {
  return sampleBits >> 3;
}

/** The sample at an address as a number. */
// @ts-ignore: decorator
@inline
function decode(address: usize): f32 {
  const sample = sampleBits === 16 ? <f32>load<u16>(address) : load<f32>(address);
  return (sample - low) * scale;
}

/** Decodes `count` quads of samples that follow each other to four f32 each. */
export function decodeSamples(values: usize, samples: usize, count: u32): void {
  const size = sampleBytes();
  for (let index: usize = 0; index < 4 * <usize>count; index++) {
    store<f32>(values + 4 * index, decode(samples + size * index));
  }
}

/** Decodes values first .. end - 1 of the kernel's view of a picture of samples at `origin`; `values` is the address of value 0. */
export function decodeViewed(values: usize, origin: usize, first: u32, end: u32, columns: u32, channels: u32): void {
  const width = columns * channels;
  const size = sampleBytes();
  for (let value = first; value < end; value++) {
    const row = value / width;
    const inRow = value - row * width;
    const column = inRow / channels;
    const place = placeOfRow(row) + placeOfColumn(column) + (inRow - column * channels);
    store<f32>(values + 4 * <usize>value, decode(origin + size * place));
  }
}

/** The value of a sample of the kernel's view, by its row, column and channel. */
// @ts-ignore: decorator
@inline
export function viewedSample(origin: usize, row: i32, column: i32, channel: u32): f32 {
  return decode(origin + sampleBytes() * (placeOfRow(row) + placeOfColumn(column) + channel));
}
