import { expect, test } from "vitest";
import {
  formatBytes,
  formatDecibels,
  formatDuration,
  formatLoss,
  formatSeconds,
  formatSize,
} from "../../../src/lab/shared/format.ts";

test("numbers are rounded and grouped for display", () => {
  expect([0.4, 42.3, 91, 3599, 7500].map(formatSeconds)).toEqual([
    "< 1 s",
    "42 s",
    "1:31 min",
    "59:59 min",
    "2:05 h",
  ]);
  expect([0.0004, 0.1234, 0.9996, 9.949, 9.96, 91].map(formatDuration)).toEqual([
    "0 ms",
    "123 ms",
    "1.0 s",
    "9.9 s",
    "10 s",
    "1:31 min",
  ]);
  expect(formatSize({ rows: 480, columns: 640 })).toBe("640 × 480 pixels");
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
