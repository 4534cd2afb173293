import { describe, expect, test } from "vitest";
import type { Cpu } from "../../src/cpu/cpu.ts";
import type { Dispatch } from "../../src/device/device.ts";
import { DeviceError } from "../../src/device/device-error.ts";
import { readBack } from "../../src/device/read-back.ts";
import { RecoveringTrainer } from "../../src/engine/recovering-trainer.ts";
import { shuffleOrder, shuffleUniform } from "../../src/kernels/sweep.ts";
import { trainOn } from "../../src/training/device-run.ts";
import { loseCpu, useFrailCpus, workersOf } from "../support/frail-cpu.ts";
import { useCpu } from "../support/open-cpu.ts";
import { blobData, shortRun } from "../training/run-fixture.ts";

const open = useFrailCpus({ threads: 3 });
const undisturbed = useCpu();

/** A launch that shuffles a million numbers. */
async function launchOn(cpu: Cpu): Promise<Dispatch> {
  const [count, uniform] = [2 ** 20, cpu.createBuffer("shuffle", 32)];
  cpu.write(uniform, 0, shuffleUniform(count, 1, 0));
  const order = cpu.createBuffer("order", 4 * count);
  return (await cpu.pipeline(shuffleOrder)).bind({ shuffle: uniform, order }, count);
}

/** Waits until all threads of a device have ended; some may end with an error. */
const allEnded = (cpu: Cpu) =>
  Promise.all(
    workersOf(cpu).map((worker) => new Promise<void>((resolve) => worker.once("exit", () => resolve()))),
  );

/** Expects that a device is lost: all its calls are rejected with that error and do nothing. */
async function expectLost(cpu: Cpu, reason: RegExp): Promise<void> {
  expect(cpu.lost).toBe(true);
  expect(() => cpu.assertAlive()).toThrow(reason);
  await expect(cpu.explainRejection()).rejects.toThrow(reason);
  const buffer = cpu.createBuffer("after", 64);
  cpu.write(buffer, 0, new Uint8Array(64));
  cpu.submit([]);
  for (const waiting of [
    cpu.done(),
    readBack(cpu, [{ buffer, bytes: 64 }]),
    cpu.build("anything", () => {}),
  ]) {
    await expect(waiting).rejects.toMatchObject({ name: "DeviceError", kind: "lost" });
  }
}

describe.each([0, 1, 2])("thread %i of three ends", (thread) => {
  test("while it computes: pending calls fail, and the other threads end too", async () => {
    const cpu = await open();
    const launch = await launchOn(cpu);
    // Much more work than is done by then; at the end of a launch the other threads wait for the missing one.
    cpu.submit([launch], 100_000);
    const waiting = [cpu.done(), readBack(cpu, []), cpu.build("anything", () => {})];
    const ended = allEnded(cpu);
    loseCpu(cpu, thread);
    for (const one of await Promise.allSettled(waiting)) {
      expect(one).toMatchObject({ status: "rejected", reason: { name: "DeviceError", kind: "lost" } });
    }
    await ended;
    await expectLost(cpu, /^A thread of the CPU engine ended: it ended with code 1\.$/);
  });

  test("while it is idle", async () => {
    const cpu = await open();
    const ended = allEnded(cpu);
    loseCpu(cpu, thread);
    await ended;
    await expectLost(cpu, /^A thread of the CPU engine ended: it ended with code 1\.$/);
  });

  test("during training, which continues from the kept state to the same bits", async () => {
    const data = blobData(37, 11, 6, 5);
    const spec = shortRun({ hidden: [9], epochs: 4 });
    const whole = await trainOn(undisturbed(), spec, data);
    for await (const _ of whole.epochs());
    const told: string[] = [];
    const trainer = await RecoveringTrainer.create(
      await open({ onSubmit: (device, count) => count === 9 && loseCpu(device, thread) }),
      spec,
      data,
      { interval: 0, open: () => open(), onRecovery: (sentence) => told.push(sentence) },
    );
    for await (const _ of trainer.epochs());
    expect(await trainer.weights()).toEqual(await whole.weights());
    expect(told).toHaveLength(1);
    trainer.destroy();
    whole.destroy();
  });
});

test("a kernel that traps ends the threads, with the engine's error", async () => {
  const cpu = await open();
  const launch = await launchOn(cpu);
  const ended = allEnded(cpu);
  // Addresses outside the memory.
  cpu.submit([{ ...launch, launch: { buffers: [], values: [0xffff_ff00, 0xffff_ff00] } }]);
  await expect(cpu.done()).rejects.toThrow(DeviceError);
  await ended;
  await expectLost(cpu, /^A thread of the CPU engine ended: memory access out of bounds\.$/);
});

test("closing a device ends its threads, and pending calls fail", async () => {
  const cpu = await open();
  cpu.submit([await launchOn(cpu)], 100_000);
  const waiting = readBack(cpu, []);
  const ended = allEnded(cpu);
  cpu.destroy();
  await expect(waiting).rejects.toMatchObject({ kind: "lost" });
  await ended;
  await expectLost(cpu, /^The CPU's threads were ended\.$/);
  cpu.destroy();
});
