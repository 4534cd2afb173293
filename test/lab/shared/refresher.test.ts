import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Refresher } from "../../../src/lab/shared/scheduling.ts";

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

/** Work that takes this many milliseconds and is logged when it begins. */
function work(log: string[], milliseconds: number) {
  return async () => {
    log.push("refresh");
    await new Promise<void>((resolve) => setTimeout(resolve, milliseconds));
  };
}

test("refreshes are a second apart, and the first is immediate", async () => {
  const log: string[] = [];
  const refresher = new Refresher(work(log, 50));
  refresher.want(false);
  expect(log).toHaveLength(1);
  for (let time = 0; time < 10; time++) {
    refresher.want(false);
    await vi.advanceTimersByTimeAsync(100);
  }
  expect(log).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(50);
  expect(log).toHaveLength(2);
  await vi.advanceTimersByTimeAsync(5000);
  expect(log).toHaveLength(2);
});

test("after a slow refresh there is a pause of four times its duration, except for an urgent refresh", async () => {
  const log: string[] = [];
  const refresher = new Refresher(work(log, 500));
  refresher.want(true);
  refresher.want(false);
  await vi.advanceTimersByTimeAsync(2499);
  expect(log).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(1);
  expect(log).toHaveLength(2);
  refresher.want(true);
  await vi.advanceTimersByTimeAsync(500);
  expect(log).toHaveLength(3);
});

test("a requested refresh can be cancelled", async () => {
  const log: string[] = [];
  const refresher = new Refresher(work(log, 10));
  refresher.want(true);
  refresher.want(false);
  refresher.stop();
  await vi.advanceTimersByTimeAsync(5000);
  expect(log).toHaveLength(1);
});
