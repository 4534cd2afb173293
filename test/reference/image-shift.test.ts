import { describe, expect, test } from "vitest";
import { streams } from "../../src/math/streams.ts";
import { imageShift, shifted } from "../../src/reference/image-shift.ts";

const key = { seed: 3, stream: streams.trainingNoise, epoch: 2 };

describe("a shift", () => {
  test.each([1, 2, 16])("of at most %d is equally likely in all directions and distances", (most) => {
    const count = 20_000;
    const side = 2 * most + 1;
    const found = new Map<string, number>();
    for (let image = 0; image < count; image++) {
      const [down, right] = imageShift(image, key, most);
      expect(Math.max(Math.abs(down), Math.abs(right))).toBeLessThanOrEqual(most);
      found.set(`${down} ${right}`, (found.get(`${down} ${right}`) ?? 0) + 1);
    }
    expect(found.size).toBe(side ** 2);
    // Chi-squared with side^2 - 1 degrees of freedom: its mean plus five standard deviations.
    const expected = count / side ** 2;
    const chiSquared = [...found.values()].reduce((sum, n) => sum + (n - expected) ** 2 / expected, 0);
    const freedom = side ** 2 - 1;
    expect(Math.abs(chiSquared - freedom)).toBeLessThan(5 * Math.sqrt(2 * freedom));
  });

  test("is different in the next epoch, and for the next image", () => {
    const shifts = (epoch: number, first: number) =>
      Array.from({ length: 100 }, (_, image) => imageShift(first + image, { ...key, epoch }, 4).join());
    const same = (others: readonly string[]) => shifts(2, 0).filter((shift, i) => shift === others[i]).length;
    expect(same(shifts(2, 0))).toBe(100);
    // One in 81 is equal by chance.
    expect(same(shifts(3, 0))).toBeLessThan(10);
    expect(same(shifts(2, 1))).toBeLessThan(10);
  });

  const shape = { rows: 3, columns: 2, channels: 1 };
  const picture = Float64Array.of(1, 2, 3, 4, 5, 6);

  test.each([
    [0, 0, [1, 2, 3, 4, 5, 6]],
    [1, 0, [1, 2, 1, 2, 3, 4]],
    [-1, 0, [3, 4, 5, 6, 5, 6]],
    [0, 1, [1, 1, 3, 3, 5, 5]],
    [0, -1, [2, 2, 4, 4, 6, 6]],
    [5, -5, [2, 2, 2, 2, 2, 2]],
  ])("by %d down and %d to the right repeats the pixels at the edges", (down, right, expected) => {
    expect([...shifted(picture, shape, [down, right])]).toEqual(expected);
  });

  test("moves the colours of a pixel together", () => {
    const colours = Float64Array.of(1, 2, 3, 4, 5, 6);
    expect([...shifted(colours, { rows: 1, columns: 2, channels: 3 }, [0, 1])]).toEqual([1, 2, 3, 1, 2, 3]);
  });
});
