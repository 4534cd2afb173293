import { describe, expect, test } from "vitest";
import { codeAt, codePlane } from "../../../src/lab/inside/codes.ts";
import { MadeNumbers } from "../../kernels/made-numbers.ts";

describe("the plane of principal components", () => {
  test("maps codes that lie on it back to themselves", () => {
    // Codes made of two directions, far from 0.
    const made = new MadeNumbers("codes on a plane");
    const size = 6;
    const [one, two] = [made.floats(size), made.floats(size)];
    const codes = Float32Array.from({ length: 20 * size }, () => 0);
    for (let image = 0; image < 20; image++) {
      const [a, b] = [made.next(-3, 3), made.next()];
      for (let at = 0; at < size; at++)
        codes[image * size + at] = 10 + a * (one[at] ?? 0) + b * (two[at] ?? 0);
    }
    const plane = codePlane(codes, size);
    expect(plane.direct).toBe(false);
    expect(plane.shares[0] + plane.shares[1]).toBeCloseTo(1, 6);
    for (let image = 0; image < 20; image++) {
      const [x = 0, y = 0] = plane.points.subarray(2 * image);
      const { code, raised } = codeAt(plane, { x, y });
      expect(raised).toBe(0);
      code.forEach((value, at) => {
        expect(value).toBeCloseTo(codes[image * size + at] ?? Number.NaN, 4);
      });
    }
  });

  test("raises negative values to 0 and counts them", () => {
    const plane = codePlane(Float32Array.of(1, 1, 5, 3, 3, 5, 2, 2, 5), 3);
    const far = codeAt(plane, { x: -10, y: 0 });
    expect(far.raised).toBe(2);
    expect([...far.code]).toEqual([0, 0, 5]);
    const middle = codeAt(plane, { x: 0, y: 0 });
    expect([...middle.code]).toEqual([2, 2, 5]);
  });
});

describe("a code of two values is its own plane", () => {
  test("and gives the share of the variance along each value", () => {
    const codes = Float32Array.of(0, 7, 2, 7, 4, 7, 6, 10);
    const plane = codePlane(codes, 2);
    expect(plane.direct).toBe(true);
    expect([...plane.points]).toEqual([...codes]);
    // Sums of squares 9 + 1 + 1 + 9 and three times 0.75² and 2.25².
    expect(plane.shares[0]).toBeCloseTo(20 / 26.75, 6);
    expect(plane.shares[1]).toBeCloseTo(6.75 / 26.75, 6);
    expect(codeAt(plane, { x: 3, y: -1 })).toEqual({ code: Float32Array.of(3, 0), raised: 1 });
  });

  test("and a code of one value lies on the first axis", () => {
    const plane = codePlane(Float32Array.of(1, 4), 1);
    expect([...plane.points]).toEqual([1, 0, 4, 0]);
    expect([...plane.shares]).toEqual([1, 0]);
    expect([...codeAt(plane, { x: 2, y: 9 }).code]).toEqual([2]);
  });
});
