import { expect, test } from "vitest";
import { formatBytes, formatDecibels, formatLoss, formatSeconds } from "../../src/lab/format.ts";

test("numbers are written for people", () => {
  expect([0.4, 42.3, 91, 3599, 7500].map(formatSeconds)).toEqual([
    "< 1 s",
    "42 s",
    "1:31 min",
    "59:59 min",
    "2:05 h",
  ]);
  expect([0.102345, 1.6e28].map(formatLoss)).toEqual(["0.1023", "1.60e+28"]);
  expect([14.236, Number.POSITIVE_INFINITY].map(formatDecibels)).toEqual(["14.2", "> 100"]);
  expect([512, 9912, 47_040_016, 784_000_016, 5e12].map(formatBytes)).toEqual([
    "512 bytes",
    "9.9 kB",
    "47.0 MB",
    "784.0 MB",
    "5000.0 GB",
  ]);
});
