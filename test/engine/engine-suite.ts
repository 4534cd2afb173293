import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { rowsOf } from "../../src/data/picture.ts";
import type { AdapterSummary } from "../../src/device/adapter.ts";
import type { Device } from "../../src/device/device.ts";
import { DeviceError } from "../../src/device/device-error.ts";
import { createTrainer } from "../../src/engine/create-trainer.ts";
import { Engine } from "../../src/engine/engine.ts";
import { Denoiser } from "../../src/network/denoiser.ts";
import type { Model } from "../../src/spec/network.ts";
import { trainOn } from "../../src/training/device-run.ts";
import type { Trainer } from "../../src/training/trainer.ts";
import { MadeNumbers } from "../kernels/made-numbers.ts";
import type { Flaws } from "../support/frail-device.ts";
import { blobData, shortRun } from "../training/run-fixture.ts";
import { lossWords, type Trial } from "./trial.ts";

const data = blobData(37, 11, 6, 5);
const spec = shortRun({ hidden: [9], epochs: 3 });
const images = Float32Array.from({ length: 4 * 30 }, (_, index) => Math.abs(Math.sin(index)));

/** How a device opens: with flaws, or with an error. */
type Opening = Flaws | Error;

/** The tests of an engine whose devices are lost. */
export const describeEngine = ({ backend, useUndisturbed, useDevices, lose: loseDevice }: Trial) =>
  describe("an engine survives the loss of its device", () => {
    const undisturbed = useUndisturbed();
    const openFrail = useDevices();
    let expected: { losses: number[]; model: Model; denoised: Float32Array; codes: Float32Array };

    // Submits are sized by measured time; here no time passes.
    beforeEach(() => {
      vi.useFakeTimers({ toFake: ["performance"] });
    });
    afterEach(() => {
      vi.useRealTimers();
    });

    beforeAll(async () => {
      const trainer = await trainOn(undisturbed(), spec, data, { family: "tile8" });
      const losses = await lossesOf(trainer);
      const model = await trainer.weights();
      const denoiser = await Denoiser.create(undisturbed(), model, 3);
      expected = {
        ...{ losses, model },
        ...{ denoised: await denoiser.denoise(images), codes: await denoiser.encode(images) },
      };
    });

    const lossesOf = async (trainer: Pick<Trainer, "epochs">) => {
      const losses: number[] = [];
      for await (const { stepLosses } of trainer.epochs()) losses.push(...stepLosses);
      return losses;
    };

    /** An engine whose devices open in these ways, one after the other, and later ones without flaws. */
    const open = async (openings: readonly Opening[]) => {
      const told: { sentence: string; adapter: AdapterSummary }[] = [];
      const opened: Device[] = [];
      const next = [...openings];
      const engine = await Engine.open({
        family: "tile8",
        onRecovery: (sentence, adapter) => told.push({ sentence, adapter }),
        openDevice: async () => {
          const opening = next.shift();
          if (opening instanceof Error) throw opening;
          const device = await openFrail(opening);
          opened.push(device);
          return { device, release: () => device.destroy() };
        },
      });
      const lose = () => {
        const device = opened.at(-1);
        if (device) loseDevice(device);
      };
      return { engine, told, opened, lose };
    };

    const lostAt = (fatal: number): Flaws => ({
      onSubmit: (device, count) => {
        if (count === fatal) loseDevice(device);
      },
    });
    /** Skips the waits before each attempt to open another device. */
    const skipWaits = () => {
      vi.useFakeTimers({ toFake: ["performance", "setTimeout", "clearTimeout"] });
      vi.setTimerTickMode("nextTimerAsync");
    };
    const noDevice = new DeviceError("There is none.", "unavailable");

    test.each([
      ["in the middle of a step", [lostAt(9)]],
      ["and opening another fails once", [lostAt(9), noDevice]],
      ["and so is the next", [lostAt(9), lostAt(2)]],
    ])("lost %s: the run gives the same figures, and the page is notified", async (_, openings) => {
      const { engine, told } = await open(openings);
      skipWaits();
      const trainer = await createTrainer(engine, spec, data);
      expect(await lossesOf(trainer)).toEqual(expected.losses);
      expect(await trainer.weights()).toEqual(expected.model);
      expect(told.length).toBeGreaterThan(0);
      const place = told[0]?.sentence.replace(`${lossWords[backend]}; training continues from `, "");
      expect(place).toMatch(/^epoch [1-3](, step \d)?\.$/);
      expect(told[0]).toMatchObject({
        adapter: engine.adapter,
      });
      trainer.destroy();
    });

    test("if no other device can be opened it gives up, and the CPU can continue from the same state", async () => {
      const { engine, lose } = await open([{}, ...Array.from({ length: 9 }, () => noDevice)]);
      const trainer = await createTrainer(engine, spec, data);
      for await (const _ of trainer.epochs()) break;
      const state = await trainer.state();
      skipWaits();
      lose();
      await expect(trainer.weights()).rejects.toMatchObject({ name: "DeviceError", kind: "unavailable" });
      expect(trainer.keptState).toEqual(state);
      expect(state.epoch).toBe(1);
    });

    test("a network in use is moved to another device, and gives the same results", async () => {
      const { engine, lose, opened } = await open([{}]);
      const denoiser = await engine.createDenoiser(expected.model, 3);
      expect(await denoiser.denoise(images)).toEqual(expected.denoised);
      lose();
      expect(await denoiser.denoise(images)).toEqual(expected.denoised);
      lose();
      expect(await denoiser.encode(images)).toEqual(expected.codes);
      expect(opened.length).toBe(3);
      denoiser.destroy();
    });

    test("if the device is lost during its work, it repeats the work", async () => {
      const { engine, opened } = await open([lostAt(2)]);
      const denoiser = await engine.createDenoiser(expected.model, 3);
      expect(await denoiser.denoise(images)).toEqual(expected.denoised);
      expect(opened.length).toBe(2);
    });

    test("a picture that was being denoised is denoised again from the start", async () => {
      const numbers = new MadeNumbers("a picture");
      const picture = { rows: 40, columns: 30, channels: 1, values: numbers.floats(1200, 0, 1) };
      const denoise = async (openings: readonly Opening[]) => {
        const { engine, opened } = await open(openings);
        const denoiser = await engine.createPictureDenoiser(expected.model);
        const values = new Float32Array(1200);
        await denoiser.denoise(rowsOf(picture), (first, rows) => values.set(rows, 30 * first));
        return { values, devices: opened.length };
      };
      const whole = await denoise([{}]);
      expect(whole.devices).toBe(1);
      const lostAtFirstRows: Flaws = {
        onRead: (device, count) => {
          if (count === 1) loseDevice(device);
          return undefined;
        },
      };
      const disturbed = await denoise([lostAtFirstRows]);
      expect(disturbed).toEqual({ values: whole.values, devices: 2 });
    });

    test("an abort or an invalid input does not count as a lost device", async () => {
      const { engine, opened } = await open([{}]);
      const denoiser = await engine.createDenoiser(expected.model, 3);
      await expect(denoiser.denoise(new Float32Array(7))).rejects.toThrow("rows of 30 numbers");
      expect(opened.length).toBe(1);
    });

    test("after a failed attempt to open a device, the next use of a network tries again", async () => {
      const { engine, lose } = await open([{}, noDevice]);
      const denoiser = await engine.createDenoiser(expected.model, 3);
      lose();
      await expect(denoiser.denoise(images)).rejects.toThrow(noDevice.message);
      expect(await denoiser.denoise(images)).toEqual(expected.denoised);
    });

    test("a device that was lost while it was not in use is replaced before a run is built", async () => {
      const { engine, lose, opened } = await open([{}]);
      lose();
      const trainer = await createTrainer(engine, spec, data);
      expect(await lossesOf(trainer)).toEqual(expected.losses);
      expect(opened.length).toBe(2);
    });
  });
