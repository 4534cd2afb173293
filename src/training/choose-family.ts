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

/** The maximum duration of a trial in milliseconds, without compilation. */
const trialMilliseconds = 300;

/** The maximum number of steps to time per family, and the maximum bytes of their images. */
const trialSteps = 32;
const trialBytes = 2 ** 25;

/** A part of the key of every remembered choice: increment it when the kernels change, to start new trials. */
const kernelsVersion = 4;

/**
 * The fastest family for this adapter, network and batch: a remembered one, or the winner of a trial on a GPU. A
 * software adapter uses the default family: barriers are always slow there, and a trial would cost as much time as it
 * could save. So does the CPU, where all families are one kernel.
 */
export async function chooseFamily(
  device: Device,
  spec: TrainingSpec,
  network: NetworkSpec,
  memory?: FamilyMemory,
): Promise<Family> {
  if (device.backend === "cpu" || device.adapter.software) {
    return usualFamily(device, network, spec.batch);
  }
  const key = `${device.adapter.name}, ${networkName(network)}, batch ${spec.batch}, kernels ${kernelsVersion}`;
  const remembered = await memory?.recall(key);
  const known = families.find((family) => family === remembered);
  if (known) return known;
  const [fastest] = await timeFamilies(device, spec, network);
  const chosen = fastest?.family ?? usualFamily(device, network, spec.batch);
  await memory?.remember(key, chosen);
  return chosen;
}

/** The time of a training step with a family. */
export interface FamilyTime {
  readonly family: Family;
  readonly milliseconds: number;
}

/**
 * Times training steps with every family of the network's kernels on generated images, the fastest first. A family that the device refuses is
 * omitted.
 */
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
    // The first step includes deferred work of drivers; the second determines how many more fit in the time.
    await timed(1);
    const once = await timed(1);
    const steps = Math.floor(trialMilliseconds / families.length / 2 / Math.max(once, 0.01));
    return steps < 2 ? once : await timed(Math.min(steps, most));
  } finally {
    run.destroy();
  }
}

/** Bytes of every value, because computing with zeros can be faster than with pictures. */
function madeImages({ image, channels }: NetworkSpec, count: number): ImageSet {
  const [rows, columns] = image;
  const pixels = new Uint8Array(count * rows * columns * channels);
  for (let index = 0; index < pixels.length; index++) pixels[index] = Math.imul(index, 0x9e3779b1) >>> 24;
  return { name: "made images", count, rows, columns, channels, pixels };
}
