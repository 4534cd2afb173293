/** The weights of red, green and blue in the luma of sRGB's primaries (ITU-R BT.709-6, item 3.2). */
const [red, green, blue] = [0.2126, 0.7152, 0.0722];

/** Opaque pixels [count, 4] in sRGB as grey bytes [count], each the luma of its colour. */
export function greyBytes(rgba: Uint8ClampedArray): Uint8Array<ArrayBuffer> {
  return Uint8Array.from({ length: rgba.length / 4 }, (_, pixel) => {
    const value = (channel: number) => rgba[4 * pixel + channel] ?? 0;
    return Math.round(red * value(0) + green * value(1) + blue * value(2));
  });
}
