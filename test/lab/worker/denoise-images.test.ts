import { beforeEach, describe, expect, test } from "vitest";
import type { Engine, EngineTrainer } from "../../../src/engine/engine.ts";
import { ImageWork } from "../../../src/lab/worker/denoise-images.ts";
import { initialWeights } from "../../../src/network/initial-weights.ts";
import { forwardPass } from "../../../src/reference/forward-pass.ts";
import { referenceLayers } from "../../../src/reference/layers.ts";
import { InputError } from "../../../src/spec/input-error.ts";
import type { OutputName } from "../../../src/spec/layer-specs.ts";
import { autoencoder, type Model } from "../../../src/spec/network.ts";
import { openCpuEngine } from "./cpu-engine.ts";

const digits = { kind: "shipped", name: "digits" } as const;
const photo = { kind: "shipped", name: "photo" } as const;

function modelOf(image: readonly [number, number], seed: number, output: OutputName = "sigmoid"): Model {
  const network = autoencoder(image, [6], { output });
  return { network, layers: initialWeights(network, seed) };
}

const models = { digits: modelOf([4, 5], 1), photo: modelOf([3, 3], 2, "residual") };

/** Three images of 4 x 5 pixels with values up to 1. */
const images = Float32Array.from({ length: 60 }, (_, at) => ((7 * at) % 11) / 10);
const request = { rows: 4, columns: 5, images };

/** Expects these values up to float32 rounding. */
function expectValues(found: Float32Array, expected: readonly number[]): void {
  expect(found).toHaveLength(expected.length);
  const differences = expected.map((value, at) => Math.abs(value - (found[at] ?? Number.NaN)));
  expect(Math.max(...differences)).toBeLessThan(1e-6);
}

describe("small images", async () => {
  const engine = await openCpuEngine();
  const made = { living: 0, all: 0, turns: 0, read: 0 };
  let trainer: EngineTrainer | undefined;

  beforeEach(() => {
    Object.assign(made, { living: 0, all: 0, turns: 0, read: 0 });
    trainer = undefined;
  });

  function work(): ImageWork {
    const counted = <D extends { destroy(): void }>(denoiser: D): D => {
      made.living += 1;
      made.all += 1;
      const { destroy } = denoiser;
      denoiser.destroy = () => {
        made.living -= 1;
        destroy();
      };
      return denoiser;
    };
    const counting: Pick<Engine, "createDenoiser" | "createPictureDenoiser"> = {
      createDenoiser: async (model) => counted(await engine.createDenoiser(model)),
      createPictureDenoiser: async (model) => counted(await engine.createPictureDenoiser(model)),
    };
    return new ImageWork({
      engine: () => counting as Engine,
      readModel: async ({ kind, ...source }) => {
        made.read += 1;
        if (kind === "file" || !("name" in source)) throw new InputError("There is no such file.");
        return models[source.name];
      },
      withRun: (use) => {
        made.turns += 1;
        return use(trainer);
      },
    });
  }

  /** A run at a step, with weights that identify the step. */
  function runAt(step: number): EngineTrainer {
    const progress = { epoch: 0, epochs: 9, step, stepsPerEpoch: 9 };
    return { progress, weights: async () => modelOf([4, 5], 10 + step) } as Pick<
      EngineTrainer,
      "progress" | "weights"
    > as EngineTrainer;
  }

  function forward({ network, layers }: Model): number[] {
    return [...forwardPass(network, referenceLayers(network, layers), Float64Array.from(images))];
  }

  test("of the network's size are denoised whole", async () => {
    const found = await work().denoise({ ...request, model: digits });
    expect(found.network).toEqual(models.digits.network);
    expect(found.progress).toBeUndefined();
    expectValues(found.images, forward(models.digits));
    expect(made.turns).toBe(0);
  });

  test("of another size are denoised in windows, and values stay in [0, 1]", async () => {
    const found = await work().denoise({ ...request, model: photo });
    const denoiser = await engine.createPictureDenoiser(models.photo);
    for (const image of [0, 1, 2]) {
      const values = images.slice(20 * image, 20 * image + 20);
      const expected = await denoiser.denoisePicture({ rows: 4, columns: 5, channels: 1, values });
      const clipped = expected.values.map((value) => Math.min(1, Math.max(0, value)));
      expect(found.images.subarray(20 * image, 20 * image + 20)).toEqual(clipped);
    }
    denoiser.destroy();
    expect(Math.min(...found.images)).toBe(0);
  });

  test("are denoised by the run: its weights are read again only after a step, and old ones are freed", async () => {
    const denoise = work();
    trainer = runAt(1);
    const first = await denoise.denoise(request);
    expect(first.progress?.step).toBe(1);
    expectValues(first.images, forward(modelOf([4, 5], 11)));
    await denoise.denoise(request);
    expect(made.all).toBe(1);
    trainer = runAt(2);
    const second = await denoise.denoise(request);
    expectValues(second.images, forward(modelOf([4, 5], 12)));
    await denoise.denoise({ ...request, model: digits });
    await denoise.denoise({ ...request, images: images.slice(0, 20), model: digits });
    expect(made.all).toBe(4);
    expect(made.living).toBe(1);
  });

  test("each get their own result from concurrent requests", async () => {
    const denoise = work();
    trainer = runAt(3);
    const [one, two, three] = await Promise.all([
      denoise.denoise({ ...request, model: digits }),
      denoise.denoise(request),
      denoise.denoise({ ...request, model: photo }),
    ]);
    expect(one.network).toEqual(models.digits.network);
    expect(two.progress?.step).toBe(3);
    expect(three.network).toEqual(models.photo.network);
    expect(made.living).toBe(1);
  });

  test("that cannot be denoised are refused in one sentence, and the next request works", async () => {
    const denoise = work();
    await expect(denoise.denoise(request)).rejects.toThrow(
      new InputError("There is no run to denoise with yet."),
    );
    await expect(denoise.denoise({ ...request, images: images.slice(1) })).rejects.toThrow(/4 x 5 pixels/);
    const file = { kind: "file", id: 1, file: new File([], "gone") } as const;
    await expect(denoise.denoise({ ...request, model: file })).rejects.toThrow("There is no such file.");
    expect((await denoise.denoise({ ...request, model: digits })).images.length).toBe(60);
  });
});
