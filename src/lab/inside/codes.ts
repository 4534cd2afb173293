import { principalComponents } from "../../math/principal-components.ts";
import { formatCount } from "../shared/format.ts";

/** A plane through the space of codes, and the positions of codes on it. */
export interface CodePlane {
  /** Whether its axes are the code's own two values (or its only one), not principal components. */
  readonly direct: boolean;
  /** [images, 2] */
  readonly points: Float32Array<ArrayBuffer>;
  /** [size], the code at the plane's origin. */
  readonly origin: Float64Array;
  /** The two axes as codes, [size] each, of length 1; 0 if the codes do not vary along it. */
  readonly axes: readonly [Float64Array, Float64Array];
  /** The share of the codes' variance along each axis. */
  readonly shares: readonly [number, number];
}

/** A point of the plane. */
export interface PlanePoint {
  readonly x: number;
  readonly y: number;
}

/** The plane along which codes [images, size] vary most; for codes of at most two values, those values are the axes. */
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
 * The code at a point of the plane. Parts of the plane have values below 0, which no code has. Such values
 * become 0, which gives the nearest possible code. `raised` counts them.
 */
export function codeAt({ origin, axes: [first, second] }: CodePlane, { x, y }: PlanePoint) {
  let raised = 0;
  const code = Float32Array.from(origin, (middle, index) => {
    const value = middle + x * (first[index] ?? 0) + y * (second[index] ?? 0);
    // The value of a dead unit may be below 0 by rounding only.
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

/** Statistics of the code's units over some images; each [size]. */
export interface CodeUnits {
  /** The share of the images on which a unit was active: its value was above 0. */
  readonly active: Float32Array<ArrayBuffer>;
  readonly mean: Float32Array<ArrayBuffer>;
  readonly most: Float32Array<ArrayBuffer>;
}

/** Computes the statistics of codes [images, size]. */
export function codeUnits(codes: Float32Array, size: number): CodeUnits {
  const images = codes.length / size;
  const [active, sum, most] = [new Float64Array(size), new Float64Array(size), new Float32Array(size)];
  codes.forEach((value, index) => {
    const unit = index % size;
    active[unit] = (active[unit] ?? 0) + Number(value > 0);
    sum[unit] = (sum[unit] ?? 0) + value;
    most[unit] = Math.max(most[unit] ?? 0, value);
  });
  const share = (count: number) => count / images;
  return { active: Float32Array.from(active, share), mean: Float32Array.from(sum, share), most };
}

/** The number of units that were active on no image. */
export function deadUnits({ active }: CodeUnits): number {
  return active.reduce((count, share) => count + Number(share === 0), 0);
}

/** "3 of 32 units are dead: never above 0 on 1,000 images." */
export function deadSentence(units: CodeUnits, images: number): string {
  const dead = deadUnits(units);
  const { length: size } = units.active;
  const seen = images === 1 ? "1 image" : `${formatCount(images)} images`;
  if (dead === 0) {
    const all = size === 1 ? "The only unit" : `Each of the ${formatCount(size)} units`;
    return `No unit is dead. ${all} is above 0 on some of ${seen}.`;
  }
  const are = size === 1 ? "unit is" : dead === 1 ? "units is" : "units are";
  return `${formatCount(dead)} of ${formatCount(size)} ${are} dead: never above 0 on ${seen}.`;
}

/** The code of the image with an index among codes [images, size]. */
export function codeOf(codes: Float32Array, size: number, place: number): Float32Array<ArrayBuffer> {
  return codes.slice(place * size, (place + 1) * size);
}

/** Linear interpolation from one code to another: 0 is the first, 1 the second. */
export function between(from: Float32Array, to: Float32Array, share: number): Float32Array<ArrayBuffer> {
  return Float32Array.from(from, (value, unit) => (1 - share) * value + share * (to[unit] ?? 0));
}

/** Codes [count, size] at equal steps from one to another, both included. */
export function pathCodes(from: Float32Array, to: Float32Array, count: number): Float32Array<ArrayBuffer> {
  const codes = new Float32Array(count * from.length);
  for (let step = 0; step < count; step++)
    codes.set(between(from, to, step / (count - 1)), step * from.length);
  return codes;
}

/** The up to `count` units with the highest activity in either of two codes, sorted by index. */
export function busiestUnits(from: Float32Array, to: Float32Array, count: number): number[] {
  const activity = Array.from(from, (value, unit) => ({ unit, value: Math.max(value, to[unit] ?? 0) }));
  return activity
    .sort((one, other) => other.value - one.value || one.unit - other.unit)
    .slice(0, count)
    .map(({ unit }) => unit)
    .sort((one, other) => one - other);
}

/** A code with some of its values replaced. */
export function withValues(
  code: Float32Array,
  values: ReadonlyMap<number, number>,
): Float32Array<ArrayBuffer> {
  return Float32Array.from(code, (value, unit) => values.get(unit) ?? value);
}

/** Labels of images, by index; undefined if images have none, so that all count as alike. */
type Labels = readonly number[] | undefined;

/** The first index with a label other than that of `place`, or the next index if there is none. */
export function firstUnlike(labels: Labels, place: number, count: number): number {
  const found = labels?.findIndex((label) => label !== labels[place]) ?? -1;
  return found < 0 ? (place + 1) % count : found;
}

/** The next index with the same label; after the last one, the first. */
export function nextLike(labels: Labels, place: number, count: number): number {
  for (let step = 1; step < count; step++) {
    const next = (place + step) % count;
    if (!labels || labels[next] === labels[place]) return next;
  }
  return place;
}
