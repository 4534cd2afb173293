import { expect, test } from "vitest";
import { StepRate } from "../../../src/lab/run/worker-events.ts";

test("the step rate covers the last seconds, without pauses", () => {
  const rate = new StepRate();
  expect(rate.perSecond).toBeUndefined();
  rate.add(0, 0);
  rate.add(1000, 10);
  expect(rate.perSecond).toBe(10);
  for (let second = 2; second <= 12; second++) rate.add(1000 * second, 10 + 30 * (second - 1));
  expect(rate.perSecond).toBe(30);
  rate.restart();
  rate.add(90_000, 340);
  expect(rate.perSecond).toBeUndefined();
  rate.add(90_500, 345);
  expect(rate.perSecond).toBe(10);
});
