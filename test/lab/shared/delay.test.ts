import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { counter, Delay } from "../../../src/lab/shared/scheduling.ts";

beforeAll(() => {
  vi.useFakeTimers();
});

afterAll(() => {
  vi.useRealTimers();
});

test("work waits for the delay, which starts again with each call", () => {
  const delay = new Delay(100);
  const done: string[] = [];
  delay.start(() => done.push("first"));
  vi.advanceTimersByTime(99);
  delay.start(() => done.push("second"));
  vi.advanceTimersByTime(99);
  expect(done).toEqual([]);
  expect(delay.waits).toBe(true);
  vi.advanceTimersByTime(1);
  expect(done).toEqual(["second"]);
  expect(delay.waits).toBe(false);
});

test("cancelled work is not done", () => {
  const delay = new Delay(100);
  const work = vi.fn<() => void>();
  delay.start(work);
  delay.cancel();
  expect(delay.waits).toBe(false);
  vi.advanceTimersByTime(1000);
  expect(work).not.toHaveBeenCalled();
});

test("keys are delayed independently", () => {
  const [one, other] = [counter(), counter()];
  expect([one(), one(), other(), one()]).toEqual([1, 2, 1, 3]);
});
