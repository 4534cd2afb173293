import { philox, unitInterval } from "./philox.ts";
import { symmetricEigen } from "./symmetric-eigen.ts";

/** Additional directions for the iteration: with more of them, the wanted ones converge faster. */
const extraDirections = 6;

const mostRounds = 200;

/**
 * A variance has converged when its relative change is below this; the error of its direction is then about
 * the square root of it.
 */
const settled = 1e-13;

/** The directions along which points vary most. */
export interface PrincipalComponents {
  /** [width] */
  readonly mean: Float64Array;
  /**
   * [wanted][width], in order of decreasing variance. Each has length 1 and a positive largest component; 0
   * if there is no variance.
   */
  readonly directions: readonly Float64Array[];
  /** [wanted] the share of the total variance along each direction. */
  readonly shares: Float64Array;
}

/**
 * The first principal components of points [count, width], by subspace iteration with Rayleigh-Ritz steps (Halko,
 * Martinsson, Tropp 2011, "Finding structure with randomness", arXiv:0909.4061). The covariance, [width, width], is
 * never formed, because few of its directions are needed. The same points give the same components.
 */
export function principalComponents(
  points: Float32Array,
  width: number,
  wanted: number,
): PrincipalComponents {
  const count = points.length / width;
  const mean = meanOf(points, width);
  const rows = Array.from({ length: count }, (_, row) => centred(points, mean, row * width));
  const total = rows.reduce((sum, row) => sum + dot(row, row), 0);
  const kept = Math.min(width, count, wanted + extraDirections);
  let directions = orthonormal(Array.from({ length: kept }, (_, index) => anyVector(width, index)));
  let found: readonly number[] = [];
  for (let round = 0; round < mostRounds; round++) {
    const { scatter, products } = spread(rows, directions);
    const ritz = symmetricEigen(products);
    const values = ritz.slice(0, wanted).map(({ value }) => value);
    const done = values.every((value, index) => Math.abs(value - (found[index] ?? 0)) <= settled * total);
    found = values;
    if (done && round > 0) {
      directions = ritz.map(({ vector }) => combined(directions, vector));
      break;
    }
    directions = orthonormal(ritz.map(({ vector }) => combined(scatter, vector)));
  }
  const wantedOnes = Array.from({ length: wanted }, (_, index) =>
    upright(directions[index] ?? new Float64Array(width)),
  );
  const shares = Float64Array.from(wantedOnes, (direction) => {
    const along = rows.reduce((sum, row) => sum + dot(row, direction) ** 2, 0);
    return total > 0 ? along / total : 0;
  });
  return { mean, directions: wantedOnes, shares };
}

function meanOf(points: Float32Array, width: number): Float64Array {
  const mean = new Float64Array(width);
  points.forEach((value, index) => {
    mean[index % width] = (mean[index % width] ?? 0) + value;
  });
  return mean.map((sum) => (sum * width) / points.length);
}

function centred(points: Float32Array, mean: Float64Array, start: number): Float64Array {
  return mean.map((middle, index) => (points[start + index] ?? 0) - middle);
}

/** The scatter matrix X'X times each direction V, and V'X'XV. */
function spread(rows: readonly Float64Array[], directions: readonly Float64Array[]) {
  const scatter = directions.map(({ length }) => new Float64Array(length));
  const products = directions.map(() => new Float64Array(directions.length));
  for (const row of rows) {
    const along = Float64Array.from(directions, (direction) => dot(row, direction));
    scatter.forEach((sum, index) => {
      addTo(sum, row, along[index] ?? 0);
    });
    products.forEach((sum, index) => {
      addTo(sum, along, along[index] ?? 0);
    });
  }
  return { scatter, products };
}

/**
 * Gram-Schmidt orthonormalization, applied twice to each vector to reduce rounding errors. A dependent vector
 * becomes zero.
 */
function orthonormal(vectors: readonly Float64Array[]): Float64Array[] {
  const result: Float64Array[] = [];
  for (const vector of vectors) {
    const length = Math.sqrt(dot(vector, vector));
    const rest = Float64Array.from(vector);
    for (let time = 0; time < 2; time++) {
      for (const before of result) addTo(rest, before, -dot(rest, before));
    }
    const left = Math.sqrt(dot(rest, rest));
    result.push(left > 1e-12 * length ? rest.map((value) => value / left) : rest.fill(0));
  }
  return result;
}

function combined(vectors: readonly Float64Array[], factors: Float64Array): Float64Array {
  const sum = new Float64Array(vectors[0]?.length ?? 0);
  vectors.forEach((vector, index) => {
    addTo(sum, vector, factors[index] ?? 0);
  });
  return sum;
}

/** The vector or its negative, such that the component with the largest magnitude is positive. */
function upright(vector: Float64Array): Float64Array {
  const greatest = vector.reduce((most, value) => (Math.abs(value) > Math.abs(most) ? value : most), 0);
  return greatest < 0 ? vector.map((value) => -value) : vector;
}

function anyVector(width: number, index: number): Float64Array {
  return Float64Array.from(
    { length: width },
    (_, at) => unitInterval(philox([at, index, 0, 0], [0, 0])[0]) - 0.5,
  );
}

/** sum += factor * vector. A plain loop, because this function and the next one take nearly all of the time. */
function addTo(sum: Float64Array, vector: Float64Array, factor: number): void {
  for (let index = 0; index < sum.length; index++) {
    sum[index] = (sum[index] ?? 0) + factor * (vector[index] ?? 0);
  }
}

function dot(one: Float64Array, other: Float64Array): number {
  let sum = 0;
  for (let index = 0; index < one.length; index++) sum += (one[index] ?? 0) * (other[index] ?? 0);
  return sum;
}
