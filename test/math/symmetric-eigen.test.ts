import { expect, test } from "vitest";
import { symmetricEigen } from "../../src/math/symmetric-eigen.ts";
import { MadeNumbers } from "../kernels/made-numbers.ts";

test("the eigenvalues of second differences are 2 - 2 cos(k pi / (n + 1)) (Golub and Van Loan, section 4.8)", () => {
  const size = 9;
  const matrix = Array.from({ length: size }, (_, row) =>
    Float64Array.from({ length: size }, (_, column) => [2, -1][Math.abs(row - column)] ?? 0),
  );
  symmetricEigen(matrix).forEach(({ value }, index) => {
    expect(value).toBeCloseTo(2 - 2 * Math.cos(((size - index) * Math.PI) / (size + 1)), 12);
  });
});

test("eigenvectors are orthogonal, and the matrix only scales them", () => {
  const made = new MadeNumbers("symmetric");
  const size = 6;
  const half = Array.from({ length: size }, () => Float64Array.from({ length: size }, () => made.next()));
  const matrix = half.map((row, r) => row.map((value, c) => value + (half[c]?.[r] ?? 0)));
  const pairs = symmetricEigen(matrix);
  for (const [index, { value, vector }] of pairs.entries()) {
    matrix.forEach((row, r) => {
      expect(dot(row, vector)).toBeCloseTo(value * (vector[r] ?? 0), 12);
    });
    pairs.forEach((other, place) => {
      expect(dot(vector, other.vector)).toBeCloseTo(Number(place === index), 12);
    });
  }
});

test("a matrix of zeros has eigenvalues of zero", () => {
  const pairs = symmetricEigen([new Float64Array(2), new Float64Array(2)]);
  expect(pairs.map(({ value }) => value)).toEqual([0, 0]);
});

function dot(one: Float64Array, other: Float64Array): number {
  return one.reduce((sum, value, index) => sum + value * (other[index] ?? 0), 0);
}
