import { expect, test } from "vitest";
import { DeviceError, trainDenoiser } from "../../src/index.ts";
import { dawn } from "../support/dawn.ts";
import { sharedGpu } from "../support/open-gpu.ts";
import { blobs } from "../training/run-fixture.ts";
import { useStandInEntries } from "./stand-in-entry.ts";

const openEntry = useStandInEntries();
const images = blobs("device", 40, 6, 5);
const short = { hidden: [9], epochs: 2, batch: 8 } as const;

/** A device as another program opens it: with WebGPU's default limits and no features. */
async function ownDevice(): Promise<GPUDevice> {
  const adapter = await (await dawn()).requestAdapter();
  if (!adapter) throw new Error("There is no adapter to test on.");
  return adapter.requestDevice();
}

/** Doubles a number on the device, to check that it works. */
async function doubles(device: GPUDevice, value: number): Promise<number> {
  const usage = { storage: 0x80, copySource: 0x4, copyDestination: 0x8, mapRead: 0x1 };
  const buffer = device.createBuffer({
    size: 4,
    usage: usage.storage | usage.copySource | usage.copyDestination,
  });
  const staging = device.createBuffer({ size: 4, usage: usage.mapRead | usage.copyDestination });
  device.queue.writeBuffer(buffer, 0, Float32Array.of(value));
  const module = device.createShaderModule({
    code: `@group(0) @binding(0) var<storage, read_write> x: f32; @compute @workgroup_size(1) fn main() { x *= 2.0; }`,
  });
  const pipeline = device.createComputePipeline({ layout: "auto", compute: { module } });
  const bindGroup = device.createBindGroup({
    layout: pipeline.getBindGroupLayout(0),
    entries: [{ binding: 0, resource: { buffer } }],
  });
  const encoder = device.createCommandEncoder();
  const pass = encoder.beginComputePass();
  pass.setPipeline(pipeline);
  pass.setBindGroup(0, bindGroup);
  pass.dispatchWorkgroups(1);
  pass.end();
  encoder.copyBufferToBuffer(buffer, 0, staging, 0, 4);
  device.queue.submit([encoder.finish()]);
  await staging.mapAsync(0x1);
  const [result = Number.NaN] = new Float32Array(staging.getMappedRange().slice(0));
  for (const one of [buffer, staging]) one.destroy();
  return result;
}

test("the caller's device survives training and denoising, and its handlers and scopes are unchanged", async () => {
  const device = await ownDevice();
  const heard: string[] = [];
  const handler = ({ error }: GPUUncapturedErrorEvent) => heard.push(error.message);
  device.onuncapturederror = handler;
  let lost = false;
  void device.lost.then(() => {
    lost = true;
  });
  // An error scope of the caller that stays open while the library works.
  device.pushErrorScope("validation");

  const training = await trainDenoiser(images, { ...short, device });
  for await (const _ of training) expect(await doubles(device, 3)).toBe(6);
  const model = await training.model();
  training.dispose();
  const noisy = new Float32Array(30).fill(0.5);
  const denoised = await model.denoise(noisy);
  // The caller receives its own error, and the library continues to work.
  const invalid = device.createBuffer({ size: 4, usage: 0 });
  expect(invalid).toBeDefined();
  expect(await model.denoise(noisy)).toEqual(denoised);
  model.dispose();

  expect((await device.popErrorScope())?.message).toContain("usage");
  device.createBuffer({ size: 4, usage: 0 });
  expect(await doubles(device, 4)).toBe(8);
  expect(device.onuncapturederror).toBe(handler);
  expect(heard).toHaveLength(1);
  expect(lost).toBe(false);
  device.destroy();
});

test("a loss of the caller's device ends the training, which opens no other device", async () => {
  const { gpu, devices } = openEntry();
  const adapter = await gpu.requestAdapter();
  const device = await adapter?.requestDevice();
  if (!device) throw new Error("There is no device.");
  const training = await trainDenoiser(images, {
    ...short,
    epochs: 1000,
    gpu,
    device,
    onProgress: ({ epoch }) => {
      if (epoch === 2) device.destroy();
    },
  });
  const all = async () => {
    for await (const _ of training);
  };
  await expect(all()).rejects.toThrow(DeviceError);
  expect(devices).toHaveLength(1);
  training.dispose();
});

test("the caller's device and the library's own device give the same bits", async () => {
  const { device } = await sharedGpu();
  const losses = await Promise.all(
    [{ device }, { backend: "gpu" } as const].map(async (options) => {
      const training = await trainDenoiser(images, { ...short, ...options });
      const found: number[] = [];
      for await (const { loss, valLoss } of training) found.push(loss, valLoss);
      training.dispose();
      return found;
    }),
  );
  expect(losses[0]).toEqual(losses[1]);
});
