import type { ImageSet } from "../data/image-set.ts";
import type { Device } from "../device/device.ts";
import { DeviceError } from "../device/device-error.ts";
import { type Family, families, usualFamily } from "../kernels/family.ts";
import { imageValues, type NetworkSpec, networkName } from "../spec/network.ts";
import { noNoise } from "../spec/noise.ts";
import type { TrainingSpec } from "../spec/settings.ts";
import type { FamilyMemory } from "./family-memory.ts";
import { queueLatency } from "./pacer.ts";
import { createRunResources } from "./run-resources.ts";
import { startingWeights } from "./starting-weights.ts";

/** The time that a trial may take, in milliseconds, compiling aside. */
const trialMilliseconds = 300;

/** Steps that a family's time is taken over, at most, and bytes of the images that they take. */
const trialSteps = 32;
const trialBytes = 2 ** 25;

/** Belongs to every choice that is remembered: changed with the kernels, it starts new trials. */
const kernelsVersion = 2;

/**
 * The fastest family for this adapter, network and batch: remembered, or found by a trial on a GPU. On a software adapter
 * it is the usual one: barriers are slow there beyond question, and a trial would take as long as it could ever save. On the CPU
 * all families are one kernel.
 */
export async function chooseFamily(
  device: Device,
  spec: TrainingSpec,
  network: NetworkSpec,
  memory?: FamilyMemory,
): Promise<Family> {
  if (device.backend === "cpu") return "tile8";
  if (device.adapter.software) return usualFamily(device.adapter, network, spec.batch);
  const key = `${device.adapter.name}, ${networkName(network)}, batch ${spec.batch}, kernels ${kernelsVersion}`;
  const remembered = await memory?.recall(key);
  const known = families.find((family) => family === remembered);
  if (known) return known;
  const [fastest] = await timeFamilies(device, spec, network);
  const chosen = fastest?.family ?? usualFamily(device.adapter, network, spec.batch);
  await memory?.remember(key, chosen);
  return chosen;
}

/** What a family took for a training step. */
export interface FamilyTime {
  readonly family: Family;
  readonly milliseconds: number;
}

/** Times training steps in every family on made images, the fastest first. A family that the device refuses is left out. */
export async function timeFamilies(
  device: Device,
  spec: TrainingSpec,
  network: NetworkSpec,
): Promise<FamilyTime[]> {
  const latency = await queueLatency(device);
  const times: FamilyTime[] = [];
  for (const family of families) {
    try {
      times.push({ family, milliseconds: await timeFamily(device, spec, network, family, latency) });
    } catch (error) {
      device.assertAlive();
      if (!(error instanceof DeviceError) || (family === families.at(-1) && times.length === 0)) throw error;
    }
  }
  return times.sort((a, b) => a.milliseconds - b.milliseconds);
}

async function timeFamily(
  device: Device,
  spec: TrainingSpec,
  network: NetworkSpec,
  family: Family,
  latency: number,
): Promise<number> {
  const fitting = Math.floor(trialBytes / (spec.batch * imageValues(network)));
  const most = Math.max(2, Math.min(trialSteps, fitting));
  const data = { train: madeImages(network, most * spec.batch), validation: madeImages(network, 1) };
  const run = await createRunResources(device, { ...spec, noise: noNoise }, network, data, { family });
  const { training } = await run.epochWork();
  const timed = async (steps: number) => {
    training.sweep.rewind(0);
    const start = performance.now();
    device.submit(training.dispatches[0] ?? [], steps);
    await device.done();
    device.assertAlive();
    return Math.max(0, performance.now() - start - latency) / steps;
  };
  try {
    run.buffers.network.write(startingWeights(network, spec));
    await run.training.images.ready(0);
    // The first step pays for what drivers put off; the second determines how many more fit in the time.
    await timed(1);
    const once = await timed(1);
    const steps = Math.floor(trialMilliseconds / families.length / 2 / Math.max(once, 0.01));
    return steps < 2 ? once : await timed(Math.min(steps, most));
  } finally {
    run.destroy();
  }
}

/** Bytes of every value: what is computed with zeros can be faster than what is computed with pictures. */
function madeImages({ image, channels }: NetworkSpec, count: number): ImageSet {
  // A value a pixel, as many as the network takes.
  const [rows, columns] = [image[0], image[1] * channels];
  const pixels = new Uint8Array(count * rows * columns);
  for (let index = 0; index < pixels.length; index++) pixels[index] = Math.imul(index, 0x9e3779b1) >>> 24;
  return { name: "made images", count, rows, columns, pixels };
}
