import { expect, test } from "vitest";
import { philox, unitInterval } from "../../src/math/philox.ts";
import { philoxKnownAnswers } from "../kernels/philox-known-answers.ts";

test.each(philoxKnownAnswers)(
  "philox gives the published words for counter $counter",
  ({ counter, key, result }) => {
    const [c0 = 0, c1 = 0, c2 = 0, c3 = 0] = counter;
    const [k0 = 0, k1 = 0] = key;
    expect(philox([c0, c1, c2, c3], [k0, k1])).toEqual(result);
  },
);

test("the unit interval excludes both ends", () => {
  expect(unitInterval(0)).toBe(2 ** -24);
  expect(unitInterval(0xffffffff)).toBe(1 - 2 ** -24);
  expect(Math.fround(unitInterval(0xffffffff))).toBeLessThan(1);
});
