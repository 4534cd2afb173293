import { afterEach, expect, test, vi } from "vitest";
import { threadHost } from "../../src/cpu/node-threads.ts";
import { loadModel, trainDenoiser } from "../../src/index.ts";
import { blobs } from "../training/run-fixture.ts";

const images = blobs("shared", 40, 6, 5);
const options = { backend: "cpu", threads: 2 } as const;
const noisy = new Float32Array(30).fill(0.25);

/** The threads that were started, and those that were ended. */
function watchThreads() {
  const { start: startThread } = threadHost;
  const end = vi.fn();
  const start = vi.spyOn(threadHost, "start").mockImplementation((listener) => {
    const thread = startThread(listener);
    return {
      post: thread.post,
      end: () => {
        end();
        thread.end();
      },
    };
  });
  return { start, end };
}

afterEach(() => {
  vi.restoreAllMocks();
});

test("the threads of one device are shared by all, until the last one is disposed", async () => {
  const { start, end } = watchThreads();
  const training = await trainDenoiser(images, { hidden: [9], epochs: 2, batch: 8, ...options });
  for await (const _ of training);
  const model = await training.model();
  const bytes = model.toSafetensors();
  const loaded = await Promise.all([loadModel(bytes, options), loadModel(bytes, options)]);
  expect(start).toHaveBeenCalledTimes(2);
  const denoised = await Promise.all([model, ...loaded].map((one) => one.denoise(noisy)));
  expect(denoised[1]).toEqual(denoised[0]);
  expect(denoised[2]).toEqual(denoised[0]);
  for (const one of [training, ...loaded]) one.dispose();
  expect(end).not.toHaveBeenCalled();
  const underway = model.denoise(noisy);
  model.dispose();
  expect(await underway).toEqual(denoised[0]);
  await vi.waitFor(() => expect(end).toHaveBeenCalledTimes(2));

  (await loadModel(bytes, options)).dispose();
  expect(start).toHaveBeenCalledTimes(4);
});

test("a different number of threads gives another device", async () => {
  const { start } = watchThreads();
  const bytes = await modelBytes();
  const [two, one] = [await loadModel(bytes, options), await loadModel(bytes, { ...options, threads: 1 })];
  expect(start).toHaveBeenCalledTimes(3);
  expect([two.adapter, one.adapter]).toEqual([
    expect.stringContaining("2 threads"),
    expect.stringContaining("1 thread"),
  ]);
  two.dispose();
  one.dispose();
});

async function modelBytes() {
  const training = await trainDenoiser(images, { hidden: [9], epochs: 1, batch: 8, ...options, threads: 2 });
  const model = await training.model();
  const bytes = model.toSafetensors();
  model.dispose();
  training.dispose();
  vi.mocked(threadHost.start).mockClear();
  return bytes;
}
