import { expect, test } from "vitest";
import { loadModel, trainDenoiser } from "../../src/index.ts";
import { dawn } from "../support/dawn.ts";
import { blobs } from "../training/run-fixture.ts";

const images = blobs("shared", 40, 6, 5);
const short = { hidden: [9], epochs: 3, batch: 8 } as const;
const noisy = new Float32Array(30).fill(0.25);

/** An entry to WebGPU that tells which devices were opened through it. */
async function watchedGpu(): Promise<{ gpu: GPU; devices: GPUDevice[] }> {
  const real = await dawn();
  const devices: GPUDevice[] = [];
  const gpu = {
    requestAdapter: async (options?: GPURequestAdapterOptions) => {
      const adapter = await real.requestAdapter(options);
      const { info, limits, features } = adapter ?? {};
      const requestDevice = async (descriptor?: GPUDeviceDescriptor) => {
        const device = await adapter?.requestDevice(descriptor);
        if (device) devices.push(device);
        return device;
      };
      return { info, limits, features, requestDevice };
    },
  };
  return { gpu: gpu as unknown as GPU, devices };
}

const isOpen = async ({ lost }: GPUDevice) =>
  Promise.race([lost.then(() => false), new Promise((resolve) => setTimeout(resolve, 50, true))]);

test("one device serves all, until the last is disposed", async () => {
  const { gpu, devices } = await watchedGpu();
  const training = await trainDenoiser(images, { ...short, gpu });
  const model = await training.model();
  const [loaded, another] = await Promise.all([
    loadModel(model.toSafetensors(), { gpu }),
    loadModel(model.toSafetensors(), { gpu }),
  ]);
  expect(devices).toHaveLength(1);
  training.dispose();
  loaded.dispose();
  loaded.dispose();
  another.dispose();
  expect(await model.denoise(noisy)).toHaveLength(30);
  expect(await Promise.all(devices.map(isOpen))).toEqual([true]);
  // What is under way is done first.
  const underway = model.denoise(noisy);
  model.dispose();
  expect(await underway).toHaveLength(30);
  expect(await Promise.all(devices.map(isOpen))).toEqual([false]);

  (await loadModel(model.toSafetensors(), { gpu })).dispose();
  expect(devices).toHaveLength(2);
});

test("what fails to begin holds nothing open", async () => {
  const { gpu, devices } = await watchedGpu();
  await expect(
    trainDenoiser(images, { ...short, gpu, hidden: [65_536], patches: { side: 256 } }),
  ).rejects.toThrow();
  const tooLarge = { pixels: new Uint8Array(2 * 65_536), count: 2, rows: 256, columns: 256 };
  const validation = { ...tooLarge, count: 1, pixels: new Uint8Array(65_536) };
  await expect(
    trainDenoiser(tooLarge, { gpu, validation, batch: 1, hidden: [65_536], backend: "gpu" }),
  ).rejects.toThrow(/needs .* MB, but the adapter/);
  expect(devices).toHaveLength(1);
  expect(await Promise.all(devices.map(isOpen))).toEqual([false]);
});

test("a lost device is replaced: the run goes on to the same weights, and a model denoises again", async () => {
  const undisturbed = await trainDenoiser(images, short);
  for await (const _ of undisturbed);
  const expected = await undisturbed.model();
  undisturbed.dispose();

  const { gpu, devices } = await watchedGpu();
  const training = await trainDenoiser(images, { ...short, gpu });
  const early = await training.model();
  const before = await early.denoise(noisy);
  let epochs = 0;
  for await (const _ of training) {
    epochs += 1;
    if (epochs === 1) devices[0]?.destroy();
  }
  expect(epochs).toBe(3);
  const model = await training.model();
  expect(model.layers).toEqual(expected.layers);
  expect(await early.denoise(noisy)).toEqual(before);
  expect(devices).toHaveLength(2);
  for (const one of [training, model, early, expected]) one.dispose();
  expect(await Promise.all(devices.map(isOpen))).toEqual([false, false]);
});
