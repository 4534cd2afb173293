import { expect, test } from "vitest";
import { normalCumulative, normalDensity } from "../../src/math/normal-distribution.ts";
import { answers } from "../filters/fixtures.ts";

test.each(answers.normalCumulative)("the cumulative normal distribution at $z equals SciPy's", (known) => {
  expect(Math.abs(normalCumulative(known.z) - known.probability)).toBeLessThan(1e-15);
});

test("the density is the slope of the cumulative distribution", () => {
  const step = 1e-5;
  for (let z = -6; z <= 6; z += 0.37) {
    const slope = (normalCumulative(z + step) - normalCumulative(z - step)) / (2 * step);
    expect(Math.abs(normalDensity(z) - slope)).toBeLessThan(1e-10);
  }
});
