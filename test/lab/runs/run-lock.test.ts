import { expect, test } from "vitest";
import { lockedRuns, lockRun, whenRunIsFree } from "../../../src/lab/runs/run-lock.ts";
import { fakeLocks } from "./fake-locks.ts";

test("of two tabs one holds a run, until it lets go", async () => {
  const locks = fakeLocks();
  const first = await lockRun("one", locks);
  expect(first).toBeDefined();
  expect(await lockRun("two", locks)).toBeDefined();
  expect(await lockedRuns(locks)).toEqual(new Set(["one", "two"]));
  expect(await lockRun("one", locks)).toBeUndefined();

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
  const locks = fakeLocks();
  const first = await lockRun("one", locks);
  const second = lockRun("one", locks);
  setTimeout(() => first?.release(), 150);
  expect(await second).toBeDefined();
});

test("where a browser has no locks a run can be had all the same", async () => {
  expect(await lockRun("one", undefined)).toBeDefined();
});
