import { describe, expect, onTestFinished, test, vi } from "vitest";
import { sourceOf } from "../../src/data/image-source.ts";
import type { PictureSet } from "../../src/data/picture-set.ts";
import { initialWeights } from "../../src/network/initial-weights.ts";
import { denseLayers } from "../../src/spec/layers.ts";
import { noNoise } from "../../src/spec/noise.ts";
import { defaultAdam } from "../../src/spec/optimizer.ts";
import type { TrainingSpec } from "../../src/spec/settings.ts";
import { trainOnCpu } from "../../src/training/cpu-run.ts";
import { type DeviceTrainerOptions, trainOn } from "../../src/training/device-run.ts";
import { DivergenceError } from "../../src/training/divergence-error.ts";
import type { EpochReport } from "../../src/training/history.ts";
import type { RunData } from "../../src/training/run-data.ts";
import type { RunState } from "../../src/training/run-state.ts";
import type { Trainer } from "../../src/training/trainer.ts";
import { MadeNumbers } from "../kernels/made-numbers.ts";
import { useGpu } from "../support/open-gpu.ts";
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
  /** Whether the CPU trains on it too. */
  readonly cpu?: boolean;
}

const settings: readonly Setting[] = [
  { name: "Adadelta, shuffled, fresh noise", spec: shortRun({ hidden: [9], epochs: 3 }), cpu: true },
  {
    name: "Adam with a cosine, a deep residual network",
    spec: shortRun({
      ...{ hidden: [7, 3, 5], epochs: 3, output: "residual", loss: "mse", initialization: "he" },
      ...{ optimizer: defaultAdam, schedule: { kind: "cosine" } },
    }),
    cpu: true,
  },
  {
    name: "fixed noise, file order, a learning rate in steps",
    spec: shortRun({
      ...{ hidden: [6], epochs: 3, fixedNoise: true, shuffle: false, seed: 7 },
      schedule: { kind: "step", epochs: 1, factor: 0.5 },
    }),
    cpu: true,
  },
  {
    name: "Noise2Noise on measured twins",
    spec: shortRun({ hidden: [6], epochs: 3, noise: noNoise, noise2noise: true, shift: 1, loss: "mse" }),
    data: { ...images, noisyTrain: blobs("twins", 37, 6, 5), noisyValidation: blobs("more twins", 11, 6, 5) },
    cpu: true,
  },
  {
    name: "images streamed through windows of a step, and shifted",
    spec: shortRun({ hidden: [9], epochs: 3, shift: 2 }),
    data: { train: sourceOf(images.train), validation: sourceOf(images.validation) },
    options: { imageBytes: 1 },
    cpu: true,
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

describe("a run that goes on from its state equals one that never stopped, bit for bit", () => {
  const gpu = useGpu();

  test.each(settings)("on the GPU: $name", async ({ spec, data = images, options }) => {
    await compare((resumed) => trainOn(gpu(), spec, data, { ...options, ...resumed }), stops);
  });

  test.each(settings.filter(({ cpu }) => cpu))("on the CPU: $name", async ({ spec, data = images }) => {
    await compare((resumed) => trainOnCpu(spec, data, resumed), stops);
  });

  test.each([
    ["the GPU", (spec: TrainingSpec, options: DeviceTrainerOptions) => trainOn(gpu(), spec, images, options)],
    ["the CPU", (spec: TrainingSpec, options: DeviceTrainerOptions) => trainOnCpu(spec, images, options)],
  ])("between two validation steps, and before the first step of all, on %s", async (_device, create) => {
    const spec = shortRun({ hidden: [9] });
    const whole = await create(spec, {});
    const expected = withoutSeconds(await allOf(whole));

    const reports: EpochReport[] = [];
    let state: RunState | undefined = await (await create(spec, {})).state();
    const seen = new Set<number>();
    while (state && state.epoch < spec.epochs) {
      const trainer: AnyTrainer = await create(spec, { state });
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
    const trainer = await trainOn(gpu(), spec, images);
    await trainer.step();
    const state = await trainer.state();
    expect(state.seconds).toBeGreaterThan(0);
    const resumed = await trainOn(gpu(), spec, images, { state: { ...state, seconds: 1000 } });
    const [first] = await allOf(resumed);
    expect(first?.record.seconds).toBeGreaterThan(1000);
    trainer.destroy();
    resumed.destroy();
  });

  test("a state of the CPU can be gone on with on the GPU", async () => {
    const spec = shortRun({ hidden: [9], epochs: 2 });
    const cpu = await trainOnCpu(spec, images);
    await cpu.step();
    const device = await trainOn(gpu(), spec, images, { state: await cpu.state() });
    const [got, want] = [await allOf(device), await allOf(cpu)];
    got.forEach(({ record }, epoch) => {
      expect(record.loss).toBeCloseTo(want[epoch]?.record.loss ?? Number.NaN, 4);
    });
    expect(got.length).toBe(2);
    device.destroy();
  });
});

describe("a state", () => {
  const gpu = useGpu();
  const spec = shortRun({ hidden: [9] });

  test.each([
    ["the GPU", (options: DeviceTrainerOptions) => trainOn(gpu(), { ...spec, epochs: 1 }, images, options)],
    ["the CPU", (options: DeviceTrainerOptions) => trainOnCpu({ ...spec, epochs: 1 }, images, options)],
  ])("of numbers that are not finite is refused on %s", async (_device, create) => {
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
    const trainer = await trainOn(gpu(), spec, images);
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
      const create = () => trainOn(gpu(), spec, images, { state: { ...state, ...changes } });
      await expect(create()).rejects.toThrow(message);
    }
    const wider = { ...spec, hidden: denseLayers(10) };
    await expect(trainOn(gpu(), wider, images, { state })).rejects.toThrow("does not belong");
    trainer.destroy();
  });
});
