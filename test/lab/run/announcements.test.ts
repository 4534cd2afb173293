import { afterAll, beforeEach, expect, test, vi } from "vitest";
import { announceEpochs } from "../../../src/lab/run/side-effects.ts";
import { runState } from "../../../src/lab/run/state.ts";

vi.hoisted(() => {
  vi.useFakeTimers();
});

announceEpochs();

beforeEach(() => {
  runState.epochs.value = [];
  runState.phase.value = "training";
  runState.progress.value = { epoch: 0, epochs: 900, step: 0, stepsPerEpoch: 10 };
  vi.advanceTimersByTime(60_000);
});

afterAll(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** Ends an epoch. */
function end(epoch: number): void {
  const record = { epoch, loss: 0.5, valLoss: epoch / 10, valPsnr: 12, seconds: 1 };
  runState.epochs.value = [...runState.epochs.value, record];
}

const announced = () => runState.announcement.value;

test("the first epoch is announced immediately, and the latest one ten seconds later", () => {
  end(1);
  vi.advanceTimersByTime(0);
  expect(announced()).toBe("Epoch 1 of 900: validation loss 0.1000.");
  end(2);
  vi.advanceTimersByTime(5000);
  end(3);
  vi.advanceTimersByTime(4999);
  expect(announced()).toMatch(/^Epoch 1 /);
  vi.advanceTimersByTime(1);
  expect(announced()).toBe("Epoch 3 of 900: validation loss 0.3000.");
  end(4);
  vi.advanceTimersByTime(9999);
  expect(announced()).toMatch(/^Epoch 3 /);
  vi.advanceTimersByTime(1);
  expect(announced()).toMatch(/^Epoch 4 /);
});

test.each(["idle", "finished"] as const)(
  "the last epoch is announced immediately when the run is %s",
  (phase) => {
    end(1);
    vi.advanceTimersByTime(0);
    end(2);
    runState.phase.value = "pausing";
    expect(announced()).toMatch(/^Epoch 1 /);
    runState.phase.value = phase;
    expect(announced()).toMatch(/^Epoch 2 /);
    // The next ten seconds start here.
    runState.phase.value = "training";
    end(3);
    vi.advanceTimersByTime(9999);
    expect(announced()).toMatch(/^Epoch 2 /);
    vi.advanceTimersByTime(1);
    expect(announced()).toMatch(/^Epoch 3 /);
  },
);

test("a new run announces nothing, even if an epoch of the previous run was still to be announced", () => {
  end(1);
  vi.advanceTimersByTime(0);
  end(2);
  runState.epochs.value = [];
  expect(announced()).toBe("");
  vi.advanceTimersByTime(60_000);
  expect(announced()).toBe("");
});
