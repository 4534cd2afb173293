import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { NewestOnly } from "../../../src/lab/shared/scheduling.ts";

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

/** Work that takes this many milliseconds and is logged when it begins. */
function work(log: string[], name: string, milliseconds: number) {
  return async () => {
    log.push(name);
    await new Promise<void>((resolve) => setTimeout(resolve, milliseconds));
  };
}

test("of the jobs that arrive while one is running, only the newest is done", async () => {
  const log: string[] = [];
  const jobs = new NewestOnly();
  for (const name of ["a", "b", "c"]) void jobs.do(work(log, name, 10));
  expect(log).toEqual(["a"]);
  await vi.advanceTimersByTimeAsync(10);
  expect(log).toEqual(["a", "c"]);
  await vi.advanceTimersByTimeAsync(10);
  void jobs.do(work(log, "d", 10));
  expect(log).toEqual(["a", "c", "d"]);
});
