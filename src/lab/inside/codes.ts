import { principalComponents } from "../../math/principal-components.ts";

/** A plane through the space of codes, and where codes lie on it. */
export interface CodePlane {
  /** Whether its axes are the code's own two values (or its only one), not principal components. */
  readonly direct: boolean;
  /** [images, 2] */
  readonly points: Float32Array<ArrayBuffer>;
  /** [size], the code at the plane's origin. */
  readonly origin: Float64Array;
  /** The two axes as codes, [size] each, of length 1; 0 where codes do not vary that way. */
  readonly axes: readonly [Float64Array, Float64Array];
  /** The share of the codes' variance along each axis. */
  readonly shares: readonly [number, number];
}

/** A place on the plane. */
export interface PlanePoint {
  readonly x: number;
  readonly y: number;
}

/** The plane along which codes [images, size] vary most; of codes of at most two values, those values themselves. */
export function codePlane(codes: Float32Array, size: number): CodePlane {
  const { mean, directions, shares } = principalComponents(codes, size, 2);
  const direct = size <= 2;
  const unit = (index: number) => Float64Array.from({ length: size }, (_, at) => Number(at === index));
  const [first, second] = direct ? [unit(0), unit(1)] : directions;
  const axes = [first ?? unit(0), second ?? unit(1)] as const;
  const origin = direct ? new Float64Array(size) : mean;
  const points = new Float32Array((codes.length / size) * 2);
  for (let index = 0; index < points.length; index++) {
    const start = Math.floor(index / 2) * size;
    points[index] = origin.reduce((sum, middle, at) => {
      return sum + ((codes[start + at] ?? 0) - middle) * (axes[index % 2]?.[at] ?? 0);
    }, 0);
  }
  const known = direct ? varianceShares(points) : shares;
  return { direct, points, origin, axes, shares: [known[0] ?? 0, known[1] ?? 0] };
}

/**
 * The code at a place of the plane. The plane also goes where no code can be, for no code has a value below 0: such values
 * become 0, which is the nearest code there is. `raised` counts them.
 */
export function codeAt({ origin, axes: [first, second] }: CodePlane, { x, y }: PlanePoint) {
  let raised = 0;
  const code = Float32Array.from(origin, (middle, index) => {
    const value = middle + x * (first[index] ?? 0) + y * (second[index] ?? 0);
    // Rounding alone brings a dead unit's value below 0.
    if (value < -1e-6) raised += 1;
    return Math.max(0, value);
  });
  return { code, raised };
}

/** The shares of the variance of points [count, 2] along x and y. */
function varianceShares(points: Float32Array): [number, number] {
  const { length } = points;
  const mean = [0, 0];
  points.forEach((value, index) => {
    mean[index % 2] = (mean[index % 2] ?? 0) + (2 * value) / length;
  });
  const variance = [0, 0];
  points.forEach((value, index) => {
    variance[index % 2] = (variance[index % 2] ?? 0) + (value - (mean[index % 2] ?? 0)) ** 2;
  });
  const [x = 0, y = 0] = variance;
  return x + y > 0 ? [x / (x + y), y / (x + y)] : [0, 0];
}
