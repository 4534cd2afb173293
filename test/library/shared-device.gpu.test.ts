import { expect, test } from "vitest";
import { loadModel, trainDenoiser } from "../../src/index.ts";
import { blobs } from "../training/run-fixture.ts";
import { useStandInEntries } from "./stand-in-entry.ts";

const openEntry = useStandInEntries();
const images = blobs("shared", 40, 6, 5);
// By default the CPU would compute, because the adapter here may be software.
const backend = "gpu";
const short = { hidden: [9], epochs: 3, batch: 8, backend } as const;
const noisy = new Float32Array(30).fill(0.25);

/** Waits until the devices are closed. */
const closed = (devices: readonly GPUDevice[]) => Promise.all(devices.map(({ lost }) => lost));

test("one device is shared by all, until the last one is disposed", async () => {
  const { gpu, devices } = openEntry();
  const training = await trainDenoiser(images, { ...short, gpu });
  const model = await training.model();
  const [loaded, another] = await Promise.all([
    loadModel(model.toSafetensors(), { gpu, backend }),
    loadModel(model.toSafetensors(), { gpu, backend }),
  ]);
  expect(devices).toHaveLength(1);
  training.dispose();
  loaded.dispose();
  loaded.dispose();
  another.dispose();
  let open = true;
  void closed(devices).then(() => {
    open = false;
  });
  expect(await model.denoise(noisy)).toHaveLength(30);
  expect(open).toBe(true);
  // Pending work is finished first.
  const underway = model.denoise(noisy);
  model.dispose();
  expect(await underway).toHaveLength(30);
  await closed(devices);

  (await loadModel(model.toSafetensors(), { gpu, backend })).dispose();
  expect(devices).toHaveLength(2);
});

test("nothing stays open after a failed start", async () => {
  const { gpu, devices } = openEntry();
  await expect(
    trainDenoiser(images, { ...short, gpu, hidden: [65_536], patches: { side: 256 } }),
  ).rejects.toThrow();
  const tooLarge = { pixels: new Uint8Array(2 * 65_536), count: 2, rows: 256, columns: 256 };
  const validation = { ...tooLarge, count: 1, pixels: new Uint8Array(65_536) };
  await expect(
    trainDenoiser(tooLarge, { gpu, validation, batch: 1, hidden: [65_536], backend }),
  ).rejects.toThrow(/needs .* MB, but the adapter/);
  expect(devices).toHaveLength(1);
  await closed(devices);
});

test("a lost device is replaced: the run continues to the same weights, and a model denoises again", async () => {
  const undisturbed = await trainDenoiser(images, { ...short, gpu: openEntry().gpu });
  for await (const _ of undisturbed);
  const expected = await undisturbed.model();
  undisturbed.dispose();

  const { gpu, devices } = openEntry();
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
  await closed(devices);
});
