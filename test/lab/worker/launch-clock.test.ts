import { expect, test } from "vitest";
import { LaunchClock } from "../../../src/lab/worker/opened.ts";

test("launches are placed by the smallest lag so far", () => {
  const clock = new LaunchClock();
  const launch = (start: number) => ({ label: "a(0)", kernel: "a", start, duration: 2 });
  // Observed 5 ms late, then 1 ms late, then 9 ms late, on a clock that is 1000 ms ahead.
  expect(clock.place([launch(0), launch(2)], 1009).map(({ start }) => start)).toEqual([1005, 1007]);
  expect(clock.place([launch(10)], 1013).map(({ start }) => start)).toEqual([1011]);
  expect(clock.place([launch(20)], 1031).map(({ start }) => start)).toEqual([1021]);
});
