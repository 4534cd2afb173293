/** Rows [images.length, pixels] of bytes in [0, 255], as numbers in [0, 1]. */
export function gatherBatch(
  bytes: ArrayLike<number>,
  pixels: number,
  images: ArrayLike<number>,
): Float64Array {
  const rows = new Float64Array(images.length * pixels);
  return rows.map((_, index) => {
    const image = images[Math.floor(index / pixels)] ?? Number.NaN;
    return (bytes[image * pixels + (index % pixels)] ?? Number.NaN) / 255;
  });
}
