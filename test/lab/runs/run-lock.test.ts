import { afterEach, expect, test, vi } from "vitest";
import { lockedRuns, lockRun, whenRunIsFree } from "../../../src/lab/runs/checkpoint-storage.ts";
import { fakeLocks } from "./fake-locks.ts";

afterEach(() => {
  vi.useRealTimers();
});

test("only one of two tabs holds a run, until it releases the run", async () => {
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

test("a run that a tab releases a moment later, as during a reload, is waited for", async () => {
  vi.useFakeTimers();
  const locks = fakeLocks();
  const first = await lockRun("one", locks);
  const second = lockRun("one", locks);
  await vi.advanceTimersByTimeAsync(250);
  first?.release();
  await vi.advanceTimersByTimeAsync(100);
  expect(await second).toBeDefined();
});

test("a run that a tab does not release is waited for at most one second", async () => {
  vi.useFakeTimers();
  const locks = fakeLocks();
  await lockRun("one", locks);
  const second = lockRun("one", locks);
  await vi.advanceTimersByTimeAsync(1000);
  expect(await second).toBeUndefined();
});

test("in a browser without locks a run is always available", async () => {
  expect(await lockRun("one", undefined)).toBeDefined();
});
