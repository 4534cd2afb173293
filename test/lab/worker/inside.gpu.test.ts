import { afterEach, describe, expect, test } from "vitest";
import type { Engine } from "../../../src/engine/engine.ts";
import { type InsideSource, InsideWork } from "../../../src/lab/worker/inside.ts";
import { Denoiser } from "../../../src/network/denoiser.ts";
import { mathOf, referenceLayers } from "../../../src/reference/layers.ts";
import { InputError } from "../../../src/spec/input-error.ts";
import { parseLayers } from "../../../src/spec/layer-text.ts";
import { autoencoder, type Model, requireCode } from "../../../src/spec/network.ts";
import { trainOn } from "../../../src/training/device-run.ts";
import type { Trainer } from "../../../src/training/trainer.ts";
import { useGpu } from "../../support/open-gpu.ts";
import { blobData, shortRun } from "../../training/run-fixture.ts";

const data = blobData(40, 150, 5, 6);

describe("the inspection of a run", () => {
  const gpu = useGpu();
  const runs: Trainer[] = [];
  /** The denoisers that are on the device, and all that were created. */
  const denoisers = { living: 0, made: 0 };

  afterEach(() => {
    for (const run of runs.splice(0)) run.destroy();
  });

  async function run(hidden: readonly number[], changes = {}): Promise<Trainer> {
    const trainer = await trainOn(gpu(), shortRun({ hidden, ...changes }), data);
    runs.push(trainer);
    return trainer;
  }

  /** Inspects the run in `source.trainer`. */
  function work(trainer: Trainer | undefined, { validation } = data) {
    const createDenoiser = async (model: Model, batch?: number) => {
      const denoiser = await Denoiser.create(gpu(), model, batch);
      denoisers.living += 1;
      denoisers.made += 1;
      const { destroy } = denoiser;
      denoiser.destroy = () => {
        denoisers.living -= 1;
        destroy.call(denoiser);
      };
      return denoiser;
    };
    const engine = { createDenoiser } as Pick<Engine, "createDenoiser"> as Engine;
    const source: { -readonly [K in keyof InsideSource]: InsideSource[K] } = {
      engine,
      trainer,
      images: { validationImages: validation.count },
    };
    return { source, inside: new InsideWork((turn) => turn(source)) };
  }

  test.each([[[7]], [[9, 3, 8]]])(
    "of hidden layers %s gives the codes and pictures of float64",
    async (hidden) => {
      const trainer = await run(hidden);
      await trainer.step();
      const { inside } = work(trainer);
      const { codes, images, clean, size, units, decodes } = await inside.readCodes();
      expect(images).toEqual(Array.from({ length: 150 }, (_, image) => image));
      expect(size).toBe(Math.min(...hidden));
      expect(decodes).toBe(true);

      const preview = await trainer.preview(images);
      expect(clean).toEqual(preview.clean);
      const model = await trainer.weights();
      const { depth } = requireCode(model.network);
      const expected = forward(model, preview.noisy, 0, depth);
      expectClose(codes, expected);
      const active = Float64Array.from(expected, (value) => Number(value > 1e-6));
      units.active.forEach((share, unit) => {
        const count = active.reduce((sum, is, index) => sum + (index % size === unit ? is : 0), 0);
        expect(share).toBeCloseTo(count / images.length, 6);
      });
      const few = codes.slice(0, 3 * size);
      expectClose(await inside.decode(few), forward(model, few, depth, hidden.length + 1));
      inside.leave();
    },
  );

  test("of convolutions gives the outputs of every layer, the codes and the pictures of float64", async () => {
    const convolutional = blobData(40, 20, 8, 4);
    const hidden = parseLayers("conv:3/2,conv:2,up:3");
    const trainer = await trainOn(gpu(), shortRun({ hidden }), convolutional);
    runs.push(trainer);
    await trainer.step();
    const { inside } = work(trainer, convolutional);
    const { noisy } = await trainer.preview([5]);
    const model = await trainer.weights();
    const { layers, progress } = await inside.readChannels({ pixels: noisy, firsts: [1], count: 2 });
    expect(progress.step).toBe(1);
    expect(layers.map(({ name, first, channels }) => [name, first, channels])).toEqual([
      ["conv:3/2", 1, 3],
      ["conv:2", 0, 2],
      ["up:3", 0, 3],
      ["sigmoid", 0, 1],
    ]);
    layers.forEach(({ rows, columns, channels, first, values }, layer) => {
      const logits = { ...model, network: autoencoder([8, 4], hidden, { output: "linear" }) };
      const expected = forward(logits, noisy, 0, layer + 1);
      const shown = Float64Array.from(values, (_, place) => {
        const [channel, pixel] = [first + Math.floor(place / (rows * columns)), place % (rows * columns)];
        return expected[pixel * channels + channel] ?? Number.NaN;
      });
      expectClose(values, shown);
    });

    const { codes, size, images } = await inside.readCodes();
    expect([size, images.length]).toEqual([4 * 2 * 2, 20]);
    const [, second] = layers;
    const sixth = await inside.readChannels({ pixels: noisy, firsts: [], count: 2 });
    expectClose(codes.subarray(5 * size, 6 * size), Float64Array.from(second?.values ?? []));
    expect(sixth.layers[1]).toEqual(second);
    const pictures = await inside.decode(codes.slice(5 * size, 6 * size));
    expectClose(pictures, forward(model, noisy, 0, 4));
    const kernels = await inside.readKernels({ layer: 2, channel: 1, count: 9 });
    expect(kernels).toMatchObject({ inputs: 2, from: [0, 1] });
    expect(kernels.weights).toEqual(
      Float32Array.of(...[0, 1].flatMap((from) => [...kernelOf(model.layers[2]?.weight, 3 * from + 1)])),
    );
    inside.leave();
  });

  test("of dense layers has no channels", async () => {
    const { inside } = work(await run([4]));
    await expect(inside.readChannels({ pixels: new Float32Array(30), firsts: [], count: 1 })).rejects.toThrow(
      "Only convolutions have channels, and the run's network has dense layers.",
    );
    inside.leave();
  });

  test("decodes with the weights that were read last, and uses one denoiser for them", async () => {
    const trainer = await run([4], { batch: 20 });
    const { inside } = work(trainer);
    const { made } = denoisers;
    const before = await inside.readCodes();
    const code = before.codes.slice(0, 4);
    const drawn = await inside.decode(code);
    await trainer.step();
    expect(await inside.decode(code)).toEqual(drawn);
    expect(denoisers.made).toBe(made + 1);
    const after = await inside.readCodes();
    expect(after.progress.step).toBe(1);
    expect(after.codes).not.toEqual(before.codes);
    expect(await inside.decode(code)).not.toEqual(drawn);
    await inside.readCodes();
    expect(denoisers.made).toBe(made + 2);
    expect(denoisers.living).toBe(1);
    inside.leave();
    await inside.readFilters({ layer: "encoder", first: 0, count: 1 });
    expect(denoisers.living).toBe(0);
  });

  test("changes to another run", async () => {
    const { inside, source } = work(await run([4]));
    expect((await inside.readCodes()).size).toBe(4);
    source.trainer = await run([6]);
    expect((await inside.readCodes()).size).toBe(6);
    expect((await inside.readFilters({ layer: "decoder", first: 0, count: 64 })).units).toBe(6);
    inside.leave();
  });

  test("encodes with a residual network, and reports why it cannot decode", async () => {
    const { inside } = work(await run([4], { output: "residual", loss: "mse" }));
    const { decodes, codes } = await inside.readCodes();
    expect(decodes).toBe(false);
    await expect(inside.decode(codes)).rejects.toThrow("A residual network cannot decode a code by itself");
    inside.leave();
  });

  test("fails with one sentence without a run, and works afterwards", async () => {
    const { inside, source } = work(undefined);
    await expect(inside.readCodes()).rejects.toThrow(new InputError("There is no run to inspect yet."));
    source.trainer = await run([4]);
    expect((await inside.readCodes()).size).toBe(4);
    inside.leave();
  });
});

/** A kernel of 3 x 3 weights. */
function kernelOf(weight: Float32Array | undefined, place: number): Float32Array {
  return weight?.slice(9 * place, 9 * (place + 1)) ?? new Float32Array();
}

/** Layers `first` up to, not including, `end` in float64. */
function forward({ network, layers }: Model, x: Float32Array, first: number, end: number): Float64Array {
  return referenceLayers(network, layers).reduce<Float64Array>((values, layer, index) => {
    return index < first || index >= end ? values : mathOf(layer).forward(layer, values, layer.activation);
  }, Float64Array.from(x));
}

function expectClose(got: Float32Array, want: Float64Array): void {
  expect(got.length).toBe(want.length);
  const worst = got.reduce(
    (most, value, index) => Math.max(most, Math.abs(value - (want[index] ?? Number.NaN))),
    0,
  );
  expect(worst).toBeLessThan(1e-5);
}
