import { describe, expect, onTestFinished, test, vi } from "vitest";
import { sourceOf } from "../../src/data/image-source.ts";
import type { PictureSet } from "../../src/data/picture-set.ts";
import { initialWeights } from "../../src/network/initial-weights.ts";
import { denseLayers } from "../../src/spec/layers.ts";
import { noNoise } from "../../src/spec/noise.ts";
import { defaultAdam } from "../../src/spec/optimizer.ts";
import type { TrainingSpec } from "../../src/spec/settings.ts";
import { type DeviceTrainerOptions, trainOn } from "../../src/training/device-run.ts";
import { DivergenceError } from "../../src/training/divergence-error.ts";
import type { EpochReport } from "../../src/training/history.ts";
import type { RunData } from "../../src/training/run-data.ts";
import type { RunState } from "../../src/training/run-state.ts";
import type { Trainer } from "../../src/training/trainer.ts";
import { MadeNumbers } from "../kernels/made-numbers.ts";
import type { UseDevice } from "../support/use-device.ts";
import { blobData, blobs, shortRun } from "./run-fixture.ts";

type AnyTrainer = Pick<Trainer, "epochs" | "step" | "weights" | "state" | "preview" | "progress" | "destroy">;
type Create = (options?: Pick<DeviceTrainerOptions, "initial" | "state">) => Promise<AnyTrainer>;

const images = blobData(37, 11, 6, 5);

/** A picture set of made bytes. */
function pictures(name: string): PictureSet {
  const numbers = new MadeNumbers(name);
  const pixels = Uint8Array.from({ length: 9 * 13 }, () => numbers.next(0, 255));
  return { name, channels: 1, pictures: [{ name, rows: 9, columns: 13, channels: 1, pixels }] };
}

interface Setting {
  readonly name: string;
  readonly spec: TrainingSpec;
  readonly data?: RunData;
  readonly options?: DeviceTrainerOptions;
}

const settings: readonly Setting[] = [
  { name: "Adadelta, shuffled, fresh noise", spec: shortRun({ hidden: [9], epochs: 3 }) },
  {
    name: "Adam with a cosine, a deep residual network",
    spec: shortRun({
      ...{ hidden: [7, 3, 5], epochs: 3, output: "residual", loss: "mse", initialization: "he" },
      ...{ optimizer: defaultAdam, schedule: { kind: "cosine" } },
    }),
  },
  {
    name: "fixed noise, file order, a learning rate in steps",
    spec: shortRun({
      ...{ hidden: [6], epochs: 3, fixedNoise: true, shuffle: false, seed: 7 },
      schedule: { kind: "step", epochs: 1, factor: 0.5 },
    }),
  },
  {
    name: "Noise2Noise on measured twins",
    spec: shortRun({ hidden: [6], epochs: 3, noise: noNoise, noise2noise: true, shift: 1, loss: "mse" }),
    data: { ...images, noisyTrain: blobs("twins", 37, 6, 5), noisyValidation: blobs("more twins", 11, 6, 5) },
  },
  {
    name: "images streamed through windows of a step, and shifted",
    spec: shortRun({ hidden: [9], epochs: 3, shift: 2 }),
    data: { train: sourceOf(images.train), validation: sourceOf(images.validation) },
    options: { imageBytes: 1 },
  },
  {
    name: "images streamed through windows of two steps",
    spec: shortRun({ hidden: [9], epochs: 3 }),
    options: { imageBytes: 2 * 8 * 32 },
  },
  {
    name: "patches of pictures, turned and flipped",
    spec: shortRun({
      ...{ hidden: [5], epochs: 3, patches: { side: 4, count: 37, validation: 11, flips: true } },
      optimizer: defaultAdam,
    }),
    data: { train: pictures("train"), validation: pictures("validation") },
  },
  {
    name: "the kernels of a large GPU",
    spec: shortRun({ hidden: [40, 9, 40], epochs: 3 }),
    options: { family: "workgroup" },
  },
];

const allOf = async (trainer: AnyTrainer) => {
  const reports: EpochReport[] = [];
  for await (const report of trainer.epochs()) reports.push(report);
  return reports;
};
const withoutSeconds = (reports: readonly EpochReport[]) =>
  reports.map(({ record: { seconds: _, ...record }, stepLosses }) => ({ record, stepLosses }));

/** Trains in one go, and again with a new trainer from a copied state after each of the steps that have these numbers. */
async function compare(create: Create, stops: readonly number[]): Promise<void> {
  const whole = await create();
  const expected = withoutSeconds(await allOf(whole));
  const [last, weights] = [await whole.state(), await whole.weights()];
  whole.destroy();

  let trainer = await create();
  const reports: EpochReport[] = [];
  let steps = 0;
  for (let done = await trainer.step(); done; done = await trainer.step()) {
    if (done.epochReport) reports.push(done.epochReport);
    steps += 1;
    if (!stops.includes(steps)) continue;
    const state = structuredClone(await trainer.state());
    expect(state).toMatchObject({ epoch: trainer.progress.epoch, step: trainer.progress.step });
    trainer.destroy();
    trainer = await create({ state });
    expect(trainer.progress).toMatchObject({ epoch: state.epoch, step: state.step });
    // The resumed run's first look is before its first step.
    await trainer.preview([1]);
    expect(await trainer.state()).toEqual(state);
  }
  expect(withoutSeconds(reports)).toEqual(expected);
  expect(await trainer.weights()).toEqual(weights);
  expect(await trainer.state()).toEqual({ ...last, seconds: 0 });
  trainer.destroy();
}

/** Of five training steps an epoch: before any of them cannot be, as a step is done first. */
const stops = [1, 3, 4, 5, 7, 10, 12, 15];

const describeResuming = (useDevice: UseDevice) =>
  describe("a run that goes on from its state equals one that never stopped, bit for bit", () => {
    const device = useDevice();

    test.each(settings)("$name", async ({ spec, data = images, options }) => {
      await compare((resumed) => trainOn(device(), spec, data, { ...options, ...resumed }), stops);
    });

    test("between two validation steps, and before the first step of all", async () => {
      const create = (options: DeviceTrainerOptions) => trainOn(device(), spec, images, options);
      const spec = shortRun({ hidden: [9] });
      const whole = await create({});
      const expected = withoutSeconds(await allOf(whole));

      const reports: EpochReport[] = [];
      let state: RunState | undefined = await (await create({})).state();
      const seen = new Set<number>();
      while (state && state.epoch < spec.epochs) {
        const trainer: AnyTrainer = await create({ state });
        const pause = new AbortController();
        for await (const report of trainer.epochs(pause.signal, () => pause.abort())) reports.push(report);
        state = await trainer.state();
        seen.add(state.step);
        trainer.destroy();
      }
      // 5 training steps and 2 of the validation; the last of an epoch ends it.
      expect([...seen].sort()).toEqual([0, 1, 2, 3, 4, 5, 6]);
      expect(withoutSeconds(reports)).toEqual(expected);
    });

    test("the time of the epoch under way goes on", async () => {
      // Every look at the clock finds another 10 ms gone.
      let now = 0;
      const clock = vi.spyOn(performance, "now").mockImplementation(() => (now += 10));
      onTestFinished(() => clock.mockRestore());
      const spec = shortRun({ hidden: [9] });
      const trainer = await trainOn(device(), spec, images);
      await trainer.step();
      const state = await trainer.state();
      expect(state.seconds).toBeGreaterThan(0);
      const resumed = await trainOn(device(), spec, images, { state: { ...state, seconds: 1000 } });
      const [first] = await allOf(resumed);
      expect(first?.record.seconds).toBeGreaterThan(1000);
      trainer.destroy();
      resumed.destroy();
    });
  });

const describeStates = (useDevice: UseDevice) =>
  describe("a state", () => {
    const device = useDevice();
    const spec = shortRun({ hidden: [9] });

    test("of numbers that are not finite is refused", async () => {
      const create = (options: DeviceTrainerOptions) =>
        trainOn(device(), { ...spec, epochs: 1 }, images, options);
      const network = (await create({})).network;
      const initial = initialWeights(network, 0).map(({ weight, bias }) => ({
        weight: weight.map(() => 3e38),
        bias,
      }));
      const trainer = await create({ initial });
      const diverged = trainer.step().then(() => trainer.state());
      await expect(diverged).rejects.toThrow(DivergenceError);
      trainer.destroy();
    });

    test("of another run is refused", async () => {
      const trainer = await trainOn(device(), spec, images);
      await trainer.step();
      const state = await trainer.state();
      const wrong: readonly (readonly [Partial<RunState>, RegExp])[] = [
        [{ epoch: 3 }, /is at epoch 3, step 1, but this one has 2 epochs of 7 steps\.$/],
        [{ step: 8 }, /is at epoch 0, step 8/],
        [{ step: 0.5 }, /step 0\.5/],
        [{ epoch: 2 }, /is at epoch 2, step 1/],
        [{ step: 2 }, /does not belong to this network and these images\.$/],
        [{ seconds: Number.NaN }, /does not belong/],
        [{ weights: state.weights.slice(1) }, /does not belong/],
        [{ moments: { ...state.moments, others: [] } }, /does not belong/],
        [{ metrics: { ...state.metrics, validation: new Float32Array(2) } }, /does not belong/],
      ];
      for (const [changes, message] of wrong) {
        const create = () => trainOn(device(), spec, images, { state: { ...state, ...changes } });
        await expect(create()).rejects.toThrow(message);
      }
      const wider = { ...spec, hidden: denseLayers(10) };
      await expect(trainOn(device(), wider, images, { state })).rejects.toThrow("does not belong");
      trainer.destroy();
    });
  });

export function describeRunState(useDevice: UseDevice): void {
  describeResuming(useDevice);
  describeStates(useDevice);
}
