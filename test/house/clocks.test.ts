import { describe, expect, test } from "vitest";
import { files, read } from "./sources.ts";

/** Files of tests that read a clock for another purpose than to measure a duration. */
const clockReaders: Readonly<Record<string, string>> = {
  "test/fuzz/examine.ts": "limits the processor's time in `npm run fuzz` only",
  "test/fuzz/fuzz.test.ts": "prints how many inputs `npm run fuzz` reads in a second",
  "test/lab/runs/keep-run.test.ts": "starts a made clock at the present",
  "test/support/one-at-a-time.ts": "finds a lock that was left behind",
  "e2e/cpu.spec.ts": "compares the profiler's times with the page's clock",
  "e2e/webgpu.spec.ts": "compares the profiler's times with the page's clock",
};

describe("tests measure no time and wait for no duration", () => {
  const clock = /performance\.now\(\)|Date\.now\(\)|cpuUsage\(|hrtime|waitForTimeout\(/;
  const readers = [...files("test", /\.ts$/), ...files("e2e", /\.ts$/)].filter(
    (file) => file !== "test/house/clocks.test.ts" && clock.test(read(file)),
  );

  test("except in these files, for the given reason", () => {
    expect(readers.sort()).toEqual(Object.keys(clockReaders).sort());
  });
});
