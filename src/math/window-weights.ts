/**
 * How much a value counts where windows overlap, by its place in its window.
 *
 * gaussian  the less the nearer to the window's edge, where a network sees the least of what is around (Burger, Schuler and
 *           Harmeling 2012, "Image denoising: Can plain neural networks compete with BM3D?")
 * uniform   everywhere alike
 */
export const weightingNames = ["gaussian", "uniform"] as const;
export type Weighting = (typeof weightingNames)[number];

/** Weights [side] along one direction of a window; that of a place is the product of its two. All above 0. */
export function windowWeights(weighting: Weighting, side: number): Float32Array<ArrayBuffer> {
  const sigma = side / 4;
  return Float32Array.from({ length: side }, (_, index) =>
    weighting === "uniform" ? 1 : Math.exp(-0.5 * ((index - (side - 1) / 2) / sigma) ** 2),
  );
}
