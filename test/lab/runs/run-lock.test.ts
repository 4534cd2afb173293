import { afterEach, expect, test, vi } from "vitest";
import { lockedRuns, lockRun, whenRunIsFree } from "../../../src/lab/runs/run-lock.ts";
import { fakeLocks } from "./fake-locks.ts";

afterEach(() => {
  vi.useRealTimers();
});

test("of two tabs one holds a run, until it lets go", async () => {
  const locks = fakeLocks();
  const first = await lockRun("one", locks);
  expect(first).toBeDefined();
  expect(await lockRun("two", locks)).toBeDefined();
  expect(await lockedRuns(locks)).toEqual(new Set(["one", "two"]));

  let free = false;
  const waiting = whenRunIsFree("one", locks).then(() => {
    free = true;
  });
  await Promise.resolve();
  expect(free).toBe(false);
  first?.release();
  await waiting;
  expect(await lockRun("one", locks)).toBeDefined();
});

test("a tab that lets go a moment later, as one that is being reloaded, is waited for", async () => {
  vi.useFakeTimers();
  const locks = fakeLocks();
  const first = await lockRun("one", locks);
  const second = lockRun("one", locks);
  await vi.advanceTimersByTimeAsync(250);
  first?.release();
  await vi.advanceTimersByTimeAsync(100);
  expect(await second).toBeDefined();
});

test("a tab that does not let go is waited for a second at most", async () => {
  vi.useFakeTimers();
  const locks = fakeLocks();
  await lockRun("one", locks);
  const second = lockRun("one", locks);
  await vi.advanceTimersByTimeAsync(1000);
  expect(await second).toBeUndefined();
});

test("where a browser has no locks a run can be had all the same", async () => {
  expect(await lockRun("one", undefined)).toBeDefined();
});
