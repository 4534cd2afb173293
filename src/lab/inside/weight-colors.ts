/** Steps from the most negative weight to the most positive; odd, so that 0 has the middle one. */
const steps = 511;

/** The colours of weights from -1 to 1: [steps, 4], as a canvas draws them. */
export type WeightColors = Uint8ClampedArray;

/** Reads the page's colours for weights, as they are now, light or dark. */
export function readWeightColors(): WeightColors {
  const style = getComputedStyle(document.documentElement);
  const context = new OffscreenCanvas(steps, 1).getContext("2d", { willReadFrequently: true });
  if (!context) throw new Error("The browser gives no canvas to mix colours on.");
  const gradient = context.createLinearGradient(0, 0, steps, 0);
  ["--weight-negative", "--weight-zero", "--weight-positive"].forEach((name, index) => {
    gradient.addColorStop(index / 2, style.getPropertyValue(name));
  });
  context.fillStyle = gradient;
  context.fillRect(0, 0, steps, 1);
  return context.getImageData(0, 0, steps, 1).data;
}

/** Pictures weights [count] as pixels [count, 4]: 0 in the middle, `greatest` and its opposite at the ends. */
export function weightPixels(
  weights: Float32Array,
  greatest: number,
  colors: WeightColors,
): Uint8ClampedArray<ArrayBuffer> {
  const pixels = new Uint8ClampedArray(4 * weights.length);
  const middle = (colors.length / 4 - 1) / 2;
  weights.forEach((weight, index) => {
    const share = greatest > 0 ? Math.max(-1, Math.min(1, weight / greatest)) : 0;
    const place = 4 * Math.round(middle * (1 + share));
    pixels.set(colors.subarray(place, place + 4), 4 * index);
  });
  return pixels;
}
