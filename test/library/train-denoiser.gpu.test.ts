import { afterEach, describe, expect, test } from "vitest";
import { holdOut } from "../../src/data/hold-out.ts";
import {
  type Backend,
  DeviceError,
  DivergenceError,
  type EpochRecord,
  InputError,
  type Training,
  type TrainingOptions,
  trainDenoiser,
} from "../../src/index.ts";
import { denseLayers } from "../../src/spec/layers.ts";
import { parseNoise } from "../../src/spec/noise-text.ts";
import { defaultAdam } from "../../src/spec/optimizer.ts";
import { defaultTraining } from "../../src/spec/settings.ts";
import { trainOn } from "../../src/training/device-run.ts";
import { useCpu } from "../support/open-cpu.ts";
import { useGpu } from "../support/open-gpu.ts";
import { blobs } from "../training/run-fixture.ts";
import { rgbaBlobs } from "./images.ts";
import { useStandInEntries } from "./stand-in-entry.ts";

const [gpu, cpu] = [useGpu(), useCpu()];
const { gpu: entry } = useStandInEntries()();
const images = blobs("library", 40, 6, 5);
const short = { hidden: [9], epochs: 3, batch: 8, seed: 7 } as const;

const opened: { dispose(): void }[] = [];
afterEach(() => {
  for (const one of opened.splice(0)) one.dispose();
});

/** A training or a model that is disposed after the test. */
function kept<T extends { dispose(): void }>(one: T): T {
  opened.push(one);
  return one;
}

async function train(options: TrainingOptions = {}): Promise<Training> {
  return kept(await trainDenoiser(images, { ...short, gpu: entry, ...options }));
}

async function all(training: Training): Promise<EpochRecord[]> {
  const records: EpochRecord[] = [];
  for await (const record of training) records.push(record);
  return records;
}

const withoutTime = (records: readonly EpochRecord[]) => records.map(({ seconds: _, ...others }) => others);

/** The results of the internal trainer for the same run. */
async function expected(backend: Backend) {
  const spec = { ...defaultTraining, ...short, hidden: denseLayers(9), noise: parseNoise("speckle:0.4") };
  const data = holdOut({ ...images, name: "images" });
  const trainer = await trainOn(backend === "gpu" ? gpu() : cpu(), spec, data);
  const records: EpochRecord[] = [];
  for await (const { record } of trainer.epochs()) records.push(record);
  const { layers } = await trainer.weights();
  trainer.destroy();
  return { records: withoutTime(records), layers };
}

describe.each(["gpu", "cpu"] as const)("on the %s", (backend) => {
  test("a training gives the same bits as the internal trainer, also if it is interrupted repeatedly", async () => {
    const { records, layers } = await expected(backend);
    const training = await train({ backend, noise: "speckle:0.4" });
    expect(training).toMatchObject({ backend, fallbackReason: undefined });
    expect(withoutTime(await all(training))).toEqual(records);
    expect(kept(await training.model()).layers).toEqual(layers);

    const looks: Promise<unknown>[] = [];
    let told = 0;
    const interrupted: Training = await train({
      backend,
      noise: "speckle:0.4",
      onProgress: () => {
        told += 1;
        if (told % 3 === 0) looks.push(interrupted.model().then(kept));
      },
    });
    const first: EpochRecord[] = [];
    for await (const record of interrupted) {
      first.push(record);
      break;
    }
    expect(interrupted.progress).toMatchObject({ epoch: 1, step: 0 });
    expect(withoutTime([...first, ...(await all(interrupted))])).toEqual(records);
    expect(kept(await interrupted.model()).layers).toEqual(layers);
    expect((await Promise.all(looks)).length).toBeGreaterThan(1);
  });

  test("after an abort the loop ends, and the weights learned so far are available", async () => {
    const controller = new AbortController();
    const training = await train({
      backend,
      epochs: 1000,
      signal: controller.signal,
      onProgress: ({ epoch, step }) => {
        if (epoch === 1 && step >= 2) controller.abort();
      },
    });
    expect(await all(training)).toHaveLength(1);
    expect(training.progress.epoch).toBe(1);
    expect(training.progress.step).toBeGreaterThanOrEqual(2);
    const learned = kept(await training.model());
    const untrained = kept(await (await train({ backend })).model());
    expect(learned.layers[0]?.weight).not.toEqual(untrained.layers[0]?.weight);
    expect(await all(training)).toEqual([]);
  });

  test("the training of a model can be continued", async () => {
    const first = await train({ backend, epochs: 1 });
    await all(first);
    const initial = kept(await first.model());
    const second = await train({ backend, initial });
    expect(kept(await second.model()).layers).toEqual(initial.layers);
    await expect(train({ backend, initial, hidden: [10] })).rejects.toThrow(
      /^The weights of the initial model are those of 30-9-30 .*, but the run's network is 30-10-30/,
    );
  });

  test("a run that diverges reports it, and has no model", async () => {
    const training = await train({
      backend,
      output: "linear",
      loss: "mse",
      optimizer: { ...defaultAdam, lr: 1000 },
    });
    await expect(all(training)).rejects.toThrow(DivergenceError);
    await expect(training.model()).rejects.toThrow(DivergenceError);
  });

  test("a disposed training frees its memory, and reports the disposal to later calls", async () => {
    const training = await train({ backend });
    const model = kept(await training.model());
    for await (const _ of training) training.dispose();
    await expect(training.model()).rejects.toThrow(
      "The training was disposed, so it cannot be used any more.",
    );
    expect(await all(training)).toEqual([]);
    expect(await model.denoise(new Float32Array(30))).toHaveLength(30);
  });
});

test("`using` disposes", async () => {
  let outside: Training;
  {
    using training = await trainDenoiser(images, { ...short, backend: "cpu" });
    outside = training;
  }
  await expect(outside.model()).rejects.toThrow("disposed");
});

describe("training images", () => {
  test("given as ImageData are the same as bytes", async () => {
    const options = { ...short, backend: "cpu" } as const;
    const records = await all(await train(options));
    const same = kept(await trainDenoiser(rgbaBlobs("library", 40, 6, 5), options));
    expect(withoutTime(await all(same))).toEqual(withoutTime(records));
  });

  test.each([
    ["numbers in [0, 1]", Float32Array.from(images.pixels, (byte) => byte / 255)],
    ["16-bit numbers", Uint16Array.from(images.pixels, (byte) => 257 * byte)],
  ])("given as %s differ from the same bytes by float32's last digits", async (_, pixels) => {
    const options = { ...short, backend: "cpu" } as const;
    const records = await all(await train(options));
    const others = await all(kept(await trainDenoiser({ ...images, pixels }, options)));
    others.forEach(({ loss, valLoss }, epoch) => {
      expect(loss).toBeCloseTo(records[epoch]?.loss ?? Number.NaN, 6);
      expect(valLoss).toBeCloseTo(records[epoch]?.valLoss ?? Number.NaN, 6);
    });
  });

  test("given as numbers are not rounded to bytes", async () => {
    const options = { hidden: [1], batch: 1, epochs: 1, backend: "cpu", noise: "none", loss: "mse" } as const;
    const shape = { count: 1, rows: 1, columns: 1 };
    const lossOf = async (value: number) => {
      const pixels = Float32Array.of(value);
      const training = await trainDenoiser(
        { ...shape, pixels },
        { ...options, validation: { ...shape, pixels } },
      );
      return (await all(kept(training)))[0]?.loss;
    };
    // Both would be the byte 128.
    expect(await lossOf(0.5)).not.toBe(await lossOf(0.5005));
  });

  test("that are transparent become white, and colours become their luma", async () => {
    const pixel = (...data: number[]) => ({ width: 1, height: 1, data: Uint8ClampedArray.from(data) });
    // 0.2126 x 255 = 54, with half alpha over white = 155.
    const rgba = [pixel(255, 0, 0, 255), pixel(255, 0, 0, 128), pixel(9, 9, 9, 0)];
    const options = { hidden: [1], batch: 1, epochs: 1, backend: "cpu", noise: "none" } as const;
    const validation = { pixels: new Uint8Array(1), count: 1, rows: 1, columns: 1 };
    const bytes = { pixels: Uint8Array.of(54, 154, 255), count: 3, rows: 1, columns: 1 };
    const [one, other] = await Promise.all(
      [rgba, bytes].map(async (found) => all(kept(await trainDenoiser(found, { ...options, validation })))),
    );
    expect(withoutTime(one ?? [])).toEqual(withoutTime(other ?? []));
  });

  test("with noisy twins need no noise, and are held out with their twins", async () => {
    const noisy = { ...images, pixels: images.pixels.map((byte) => 255 - byte) };
    const training = await train({ backend: "cpu", noisy, epochs: 1 });
    expect(training.spec.noise.stages).toEqual([]);
    const twins = await trainOn(
      cpu(),
      { ...training.spec },
      {
        ...holdOut(images),
        noisyTrain: holdOut(noisy).train,
        noisyValidation: holdOut(noisy).validation,
      },
    );
    for await (const { record } of twins.epochs()) {
      expect(withoutTime(await all(training))).toEqual(withoutTime([record]));
    }
  });

  test("are trained on in colour as whole images, but not as grey pixels", async () => {
    const options = { ...short, gpu: entry, epochs: 1, colour: true, batch: 4 };
    const pictures = rgbaBlobs("colour", 9, 6, 8);
    const training = kept(await trainDenoiser(pictures, { ...options, hidden: "conv:3", block: 2 }));
    expect(training.network).toMatchObject({ image: [6, 8], channels: 3, block: 2 });
    expect(await all(training)).toHaveLength(1);
    await expect(trainDenoiser(images, options)).rejects.toThrow(
      "images is an array of grey pixels: leave out colour, or give ImageData.",
    );
  });

  test("are cut into patches from colour pictures of any sizes", async () => {
    const pictures = [...rgbaBlobs("a", 2, 12, 9), ...rgbaBlobs("b", 2, 7, 20)];
    const patches = { side: 5, count: 64, validation: 16 };
    const training = kept(
      await trainDenoiser(pictures, { ...short, gpu: entry, epochs: 1, patches, colour: true, batch: 16 }),
    );
    expect(training.network).toMatchObject({ image: [5, 5], channels: 3 });
    expect(training.spec.patches).toEqual({ ...patches, flips: true });
    expect(await all(training)).toHaveLength(1);
  });
});

test.each<[string, TrainingOptions, RegExp]>([
  ["an unknown option", { epoch: 3 } as TrainingOptions, /^There is no option epoch\.$/],
  ["a batch that is too large", { batch: 64 }, /^The batch of 64 is larger than the training set/],
  ["an unknown noise", { noise: "snow" }, /^The noise "snow" is not known/],
  ["an unknown loss", { loss: "mae" as "mse" }, /^The loss must be one of bce, mse, but it is mae\.$/],
  [
    "too few pixels",
    { validation: { ...images, rows: 7 } },
    /^validation needs 40 x 7 x 5 = 1400 pixels, but has 1200\.$/,
  ],
  [
    "numbers outside [0, 1]",
    { validation: { pixels: Float32Array.of(0, 2), count: 1, rows: 1, columns: 2 } },
    /^The numbers of validation must be from 0 to 1, but it holds 2 at index 1\.$/,
  ],
  [
    "a number that is none",
    { validation: { pixels: Float32Array.of(Number.NaN, 1), count: 1, rows: 1, columns: 2 } },
    /^The numbers of validation must be from 0 to 1, but it holds NaN at index 0\.$/,
  ],
  [
    "images of several sizes",
    { validation: [...rgbaBlobs("a", 1, 6, 5), ...rgbaBlobs("b", 1, 5, 6)] },
    /^All of validation must have one size, but image 0 has 6 x 5 pixels and image 1 has 5 x 6\.$/,
  ],
  [
    "zero threads",
    { backend: "cpu", threads: 0 },
    /^The number of threads must be a whole number from 1 to 64, but it is 0\.$/,
  ],
  ["an unknown backend", { backend: "tpu" as "gpu" }, /^The backend must be gpu or cpu, but it is tpu\.$/],
])("%s is refused in one sentence, and nothing is opened", async (_, options, sentence) => {
  const refused = train(options);
  await expect(refused).rejects.toThrow(sentence);
  await expect(refused).rejects.toThrow(InputError);
});

describe("without a GPU", () => {
  const none = { requestAdapter: async () => null } as unknown as GPU;

  test("the CPU computes and reports why", async () => {
    const training = await train({ gpu: none });
    expect(training).toMatchObject({
      backend: "cpu",
      adapter: expect.stringMatching(/^CPU \(WebAssembly, .*, \d+ threads?\)$/),
      fallbackReason: "WebGPU is available, but no GPU adapter was found.",
    });
  });

  test.each([
    [1, "1 thread"],
    [3, "3 threads"],
  ])("on the requested number of threads: %i", async (threads, words) => {
    const training = await train({ gpu: none, threads });
    expect(training.adapter).toContain(`, ${words})`);
    expect(kept(await training.model()).adapter).toContain(`, ${words})`);
  });

  test("it is an error if the GPU was requested", async () => {
    await expect(train({ gpu: none, backend: "gpu" })).rejects.toThrow(DeviceError);
  });
});
