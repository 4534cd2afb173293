import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import type { Device } from "../../src/device/device.ts";
import { DeviceError } from "../../src/device/device-error.ts";
import { RecoveringTrainer, type RecoveryOptions } from "../../src/engine/recovering-trainer.ts";
import type { Model } from "../../src/spec/network.ts";
import { trainOn } from "../../src/training/device-run.ts";
import type { EpochReport } from "../../src/training/history.ts";
import { Trainer } from "../../src/training/trainer.ts";
import type { Flaws } from "../support/frail-device.ts";
import { blobData, shortRun } from "../training/run-fixture.ts";
import { lossWords, type Trial } from "./trial.ts";

const data = blobData(37, 11, 6, 5);
const spec = shortRun({ hidden: [9], epochs: 4 });
const noWaits = { waits: [0, 0, 0] };

const withoutSeconds = (reports: readonly EpochReport[]) =>
  reports.map(({ record: { seconds: _, ...record }, stepLosses }) => ({ record, stepLosses }));

const allOf = async (trainer: Pick<Trainer, "epochs">) => {
  const reports: EpochReport[] = [];
  for await (const report of trainer.epochs()) reports.push(report);
  return reports;
};

/** The tests of every kind of loss, once, on these devices. */
export const describeRecovery = ({
  backend,
  useUndisturbed,
  useDevices,
  lose: loseDevice,
  openNone,
  noneSentence,
  waits,
}: Trial) =>
  describe("a training survives the loss of its device", () => {
    const undisturbed = useUndisturbed();
    const openFrail = useDevices();
    const words = lossWords[backend];
    /** Loses the device in use without notice to the trainer. */
    const lose = ({ device }: RecoveringTrainer) => loseDevice(device);
    let expected: { reports: ReturnType<typeof withoutSeconds>; model: Model; losses: number[] };

    // The pause after keeping a state is 20 times the time that keeping it took. Here that time is 0 on any machine,
    // so that `interval: 0` keeps a state after every submit.
    beforeEach(() => {
      const timers = ["setTimeout", "clearTimeout"] as const;
      vi.useFakeTimers({ toFake: ["performance", ...(waits === "skipped" ? timers : [])] });
      if (waits === "skipped") vi.setTimerTickMode("nextTimerAsync");
    });
    afterEach(() => {
      vi.useRealTimers();
    });

    beforeAll(async () => {
      const trainer = await trainOn(undisturbed(), spec, data, { family: "tile8" });
      const reports = withoutSeconds(await allOf(trainer));
      const losses = reports.flatMap(({ stepLosses }) => stepLosses);
      expected = { reports, model: await trainer.weights(), losses };
      trainer.destroy();
    });

    /** A trainer whose first devices have these flaws, one after the other, and whose later devices have none. */
    const create = async (flaws: readonly Flaws[], options: Partial<RecoveryOptions> = {}) => {
      const [first, ...later] = flaws;
      const told: string[] = [];
      const trainer = await RecoveringTrainer.create(await openFrail(first), spec, data, {
        ...{ ...noWaits, family: "tile8", interval: 0 },
        ...{ open: () => openFrail(later.shift()), onRecovery: (sentence: string) => told.push(sentence) },
        ...options,
      });
      return { trainer, told };
    };

    /** Trains to the end and compares; returns the reported losses. */
    const expectSame = async (flaws: readonly Flaws[], options: Partial<RecoveryOptions> = {}) => {
      const { trainer, told } = await create(flaws, options);
      expect(withoutSeconds(await allOf(trainer))).toEqual(expected.reports);
      expect(await trainer.weights()).toEqual(expected.model);
      for (const sentence of told) {
        const place = sentence.replace(`${words}; training continues from `, "");
        expect(place).toMatch(/^epoch [1-4](, step [2-7])?\.$/);
      }
      trainer.destroy();
      return told;
    };

    test("without a loss it gives the same results as a plain trainer", async () => {
      expect(await expectSame([{}])).toEqual([]);
    });

    test.each([1, 4, 9, 14])("that is lost after submit %i", async (fatal) => {
      const told = await expectSame([{ onSubmit: (device, count) => count === fatal && loseDevice(device) }]);
      expect(told.length).toBe(1);
    });

    test.each([1, 3, 6])("that is lost during wait %i for the queue", async (fatal) => {
      const told = await expectSame([{ onWait: (device, count) => count === fatal && loseDevice(device) }]);
      expect(told.length).toBe(1);
    });

    const lostIn = (fatal: number): Flaws => ({
      onRead: (device, count) => {
        if (count === fatal) loseDevice(device);
        return undefined;
      },
    });

    // The first state is kept, then one after every submit; each epoch also reads its metrics back.
    test.each([1, 2, 4])("that is lost in readback %i, of metrics or of a state", async (fatal) => {
      const told = await expectSame([lostIn(fatal)]);
      expect(told.length).toBe(1);
    });

    // A loss may be reported between any two turns of the microtask queue.
    test.each([0, 2, 3, 4, 5, 6])(
      "that is lost %i turns after an epoch's last state was read",
      async (turns) => {
        const { trainer, told } = await create([{}]);
        const { state } = Trainer.prototype;
        const lose = async () => {
          for (let turn = 0; turn < turns; turn++) await undefined;
          trainer.device.destroy();
        };
        const reading = vi.spyOn(Trainer.prototype, "state").mockImplementation(async function (
          this: Trainer,
        ) {
          const read = await state.call(this);
          if (read.epoch === 2 && read.step === 0 && told.length === 0) void lose();
          return read;
        });
        const reports = await allOf(trainer).finally(() => reading.mockRestore());
        expect(withoutSeconds(reports)).toEqual(expected.reports);
        expect(await trainer.weights()).toEqual(expected.model);
        expect(told.length).toBe(1);
        trainer.destroy();
      },
    );

    test("that is lost before any state after the start was kept", async () => {
      const told = await expectSame([lostIn(3)], { interval: 1e9 });
      expect(told).toEqual([`${words}; training continues from epoch 1.`]);
    });

    test("that is lost again while the run is rebuilt", async () => {
      const fatal: Flaws = { onSubmit: (device, count) => count === 9 && loseDevice(device) };
      const atOnce: Flaws = { onSubmit: (device) => loseDevice(device) };
      expect((await expectSame([fatal, atOnce])).length).toBeGreaterThanOrEqual(1);
    });

    // Results of the CPU's threads are either complete or never arrive.
    test.runIf(backend === "gpu")("whose readback is refused without a reported loss", async () => {
      const rejecting = {
        onRead: (_: Device, count: number) => (count === 3 ? Promise.reject(new Error("no")) : undefined),
      };
      expect((await expectSame([rejecting])).length).toBe(1);
    });

    test.runIf(backend === "gpu").each([1, 2])(
      "that reads back zeros in readback %i, which are not used",
      async (zero) => {
        expect((await expectSame([{ zeroed: (count) => count === zero }])).length).toBe(1);
      },
    );

    test("step by step, with a loss at every other step", async () => {
      const { trainer } = await create([{}], { interval: 1e9 });
      const losses: number[] = [];
      const reports: EpochReport[] = [];
      for (let report = await trainer.step(); report; report = await trainer.step()) {
        losses.push(report.loss);
        if (report.epochReport) reports.push(report.epochReport);
        if (losses.length % 2 === 0) lose(trainer);
      }
      expect(losses).toEqual(expected.losses);
      expect(withoutSeconds(reports)).toEqual(expected.reports);
      expect(await trainer.weights()).toEqual(expected.model);
      trainer.destroy();
    });

    test("between two calls: weights, preview and state are those of its current step", async () => {
      const whole = await trainOn(undisturbed(), spec, data, { family: "tile8" });
      const { trainer } = await create([{}], { interval: 1e9 });
      for (const each of [whole, trainer]) for await (const _ of each.epochs()) break;
      for (const each of [whole, trainer]) await each.step();
      const place = trainer.progress;
      lose(trainer);
      expect(await trainer.weights()).toEqual(await whole.weights());
      lose(trainer);
      expect(await trainer.preview([4, 2])).toEqual(await whole.preview([4, 2]));
      lose(trainer);
      expect({ ...(await trainer.state()), seconds: 0 }).toEqual({
        ...(await whole.state()),
        seconds: 0,
      });
      expect(trainer.progress).toEqual(place);
      expect(trainer.keptState).toMatchObject({ epoch: 1, step: 1 });
      trainer.destroy();
      whole.destroy();
    });

    test("a pause has the same effect with and without a loss", async () => {
      const { trainer, told } = await create([{}]);
      const reports: EpochReport[] = [];
      let losses = 0;
      for (let pauses = 1; trainer.progress.epoch < spec.epochs; pauses++) {
        const pause = new AbortController();
        for await (const report of trainer.epochs(pause.signal, () => pause.abort())) reports.push(report);
        if (pauses % 5 > 0) continue;
        lose(trainer);
        losses += 1;
      }
      expect(withoutSeconds(reports)).toEqual(expected.reports);
      expect(await trainer.weights()).toEqual(expected.model);
      expect(losses).toBeGreaterThan(1);
      expect(told.length).toBe(losses);
      trainer.destroy();
    });

    test("another device cannot be opened at first", async () => {
      let opens = 0;
      const open = () => {
        opens += 1;
        return opens === 1 ? Promise.reject(new Error("busy")) : openFrail();
      };
      expect((await expectSame([lostIn(2)], { open })).length).toBe(1);
      expect(opens).toBe(2);
    });

    test("ends with an error if no other device can be opened", async () => {
      let opens = 0;
      const open = () => {
        opens += 1;
        return openNone();
      };
      const { trainer } = await create([lostIn(2)], { open });
      await expect(allOf(trainer)).rejects.toThrow(noneSentence);
      expect(opens).toBe(3);
      expect(trainer.keptState?.epoch).toBe(0);
      trainer.destroy();
    });

    test("ends with an error if every device is lost", async () => {
      const { trainer, told } = await create([{}], { open: () => openFrail(lostIn(1)) });
      lose(trainer);
      const all = allOf(trainer);
      await expect(all).rejects.toThrow(DeviceError);
      await expect(all).rejects.toThrow(
        `${words} 4 times without completing an epoch, so training was stopped.`,
      );
      expect(told.length).toBe(3);
      trainer.destroy();
    });

    test("does not continue after it is destroyed", async () => {
      const { trainer, told } = await create([{}]);
      const all = allOf(trainer);
      trainer.destroy();
      trainer.device.destroy();
      await expect(all).rejects.toThrow(DeviceError);
      expect(told).toEqual([]);
    });

    test("an error of the data does not count as a lost device", async () => {
      const read = () => Promise.reject(new Error("the disk is gone"));
      const { rows, columns, count } = data.train;
      const broken = { ...data, train: { name: "broken", rows, columns, count, read } };
      let opens = 0;
      const open = () => {
        opens += 1;
        return openFrail();
      };
      const trainer = await RecoveringTrainer.create(await openFrail(), spec, broken, {
        open,
        imageBytes: 1,
      });
      await expect(allOf(trainer)).rejects.toThrow("the disk is gone");
      expect(opens).toBe(0);
      trainer.destroy();
    });
  });
