/**
 * Grey from colour: the luma of Rec. 709's weights on the encoded values (ITU-R BT.709-6, item 3.2), in ten-thousandths. All conversions
 * to grey use it: training, denoising, the page, the library and exported PyTorch projects.
 */
const weights = [2126, 7152, 722] as const;

/** The luma of red, green and blue, not rounded. For samples of up to 16 bits, ten thousand times it is exact. */
export function luma(red: number, green: number, blue: number): number {
  return (weights[0] * red + weights[1] * green + weights[2] * blue) / 10_000;
}

/** Opaque pixels [count, 4] in sRGB as grey bytes [count], each the luma of its colour, rounded. */
export function greyBytes(rgba: Uint8ClampedArray): Uint8Array<ArrayBuffer> {
  const grey = new Uint8Array(rgba.length / 4);
  for (let pixel = 0; pixel < grey.length; pixel++) {
    const at = 4 * pixel;
    grey[pixel] = Math.round(luma(rgba[at] ?? 0, rgba[at + 1] ?? 0, rgba[at + 2] ?? 0));
  }
  return grey;
}
