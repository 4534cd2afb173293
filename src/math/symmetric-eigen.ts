/** Upper limit on sweeps; even the largest matrices here converge much earlier. */
const mostSweeps = 50;

/** An eigenvalue and its eigenvector, of length 1. */
export interface EigenPair {
  readonly value: number;
  readonly vector: Float64Array;
}

/**
 * All eigenpairs of a small symmetric matrix [size, size], largest eigenvalue first, by Jacobi rotations (Golub and
 * Van Loan, Matrix Computations, section 8.5).
 */
export function symmetricEigen(matrix: readonly Float64Array[]): EigenPair[] {
  const size = matrix.length;
  const a = matrix.map((row) => Float64Array.from(row));
  const vectors = a.map((_, index) => Float64Array.from({ length: size }, (_, at) => Number(at === index)));
  for (let sweep = 0; sweep < mostSweeps; sweep++) {
    let turned = false;
    for (let p = 0; p < size; p++) {
      for (let q = p + 1; q < size; q++) turned = annul(a, vectors, p, q) || turned;
    }
    if (!turned) break;
  }
  return vectors
    .map((vector, index) => ({ value: at(a, index, index), vector }))
    .sort((one, other) => other.value - one.value);
}

/** Rotates rows and columns p and q so that a[p, q] becomes zero; false if it is already negligible. */
function annul(a: readonly Float64Array[], vectors: readonly Float64Array[], p: number, q: number): boolean {
  const [app, aqq, apq] = [at(a, p, p), at(a, q, q), at(a, p, q)];
  if (Math.abs(apq) <= Number.EPSILON * Math.sqrt(Math.abs(app * aqq)) || apq === 0) return false;
  const tau = (aqq - app) / (2 * apq);
  const tangent = (tau >= 0 ? 1 : -1) / (Math.abs(tau) + Math.hypot(1, tau));
  const cosine = 1 / Math.hypot(1, tangent);
  const sine = tangent * cosine;
  for (const row of a) rotate(row, row, p, q, cosine, sine);
  const [rowP, rowQ, vectorP, vectorQ] = [a[p], a[q], vectors[p], vectors[q]];
  if (!rowP || !rowQ || !vectorP || !vectorQ) throw new RangeError("A rotation lies outside the matrix.");
  for (let k = 0; k < a.length; k++) {
    rotate(rowP, rowQ, k, k, cosine, sine);
    rotate(vectorP, vectorQ, k, k, cosine, sine);
  }
  return true;
}

/** Rotates the plane of one[p] and other[q]. */
function rotate(one: Float64Array, other: Float64Array, p: number, q: number, cosine: number, sine: number) {
  const [x, y] = [one[p] ?? 0, other[q] ?? 0];
  one[p] = cosine * x - sine * y;
  other[q] = sine * x + cosine * y;
}

function at(matrix: readonly Float64Array[], row: number, column: number): number {
  return matrix[row]?.[column] ?? 0;
}
