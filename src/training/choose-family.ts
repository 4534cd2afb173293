import type { ImageSet } from "../data/image-set.ts";
import type { Gpu } from "../gpu/gpu.ts";
import { submit } from "../gpu/submit.ts";
import { type Family, families, usualFamily } from "../kernels/family.ts";
import { type NetworkSpec, networkName } from "../spec/network.ts";
import type { TrainingSpec } from "../spec/training.ts";
import { createRunResources } from "./run-resources.ts";

/** Where choices are kept from run to run: a file, a browser's storage. A choice that cannot be kept is made again. */
export interface FamilyMemory {
  recall(key: string): Promise<string | undefined>;
  remember(key: string, family: Family): Promise<void>;
}

/** The time that a trial may take, in milliseconds, compiling aside. */
const trialMilliseconds = 300;

/** Steps that a family's time is taken over, at most. */
const trialSteps = 32;

/**
 * The fastest family for this adapter, network and batch: remembered, or found by a trial on a GPU. On a software adapter
 * it is the usual one: barriers are slow there beyond question, and a trial would take as long as it could ever save.
 */
export async function chooseFamily(
  gpu: Gpu,
  spec: TrainingSpec,
  network: NetworkSpec,
  memory?: FamilyMemory,
): Promise<Family> {
  if (gpu.adapter.software) return usualFamily(gpu.adapter, spec.batch);
  const key = `${gpu.adapter.name}, ${networkName(network)}, batch ${spec.batch}`;
  const remembered = await memory?.recall(key);
  const known = families.find((family) => family === remembered);
  if (known) return known;
  const [fastest] = await timeFamilies(gpu, spec, network);
  const chosen = fastest?.family ?? usualFamily(gpu.adapter, spec.batch);
  await memory?.remember(key, chosen);
  return chosen;
}

/** What a family took for a training step. */
export interface FamilyTime {
  readonly family: Family;
  readonly milliseconds: number;
}

/** Times a training step in every family on made images, the fastest first. */
export async function timeFamilies(
  gpu: Gpu,
  spec: TrainingSpec,
  network: NetworkSpec,
): Promise<FamilyTime[]> {
  const times: FamilyTime[] = [];
  for (const family of families) {
    times.push({ family, milliseconds: await timeFamily(gpu, spec, network, family) });
  }
  return times.sort((a, b) => a.milliseconds - b.milliseconds);
}

async function timeFamily(
  gpu: Gpu,
  spec: TrainingSpec,
  network: NetworkSpec,
  family: Family,
): Promise<number> {
  const data = { train: madeImages(network, spec.batch), validation: madeImages(network, 1) };
  const run = await createRunResources(gpu, { ...spec, noise: { kind: "none" } }, network, data, { family });
  const timed = async (steps: number) => {
    run.training.sweep.rewind(0);
    await run.training.images.ready(0);
    const start = performance.now();
    submit(gpu, run.training.steps[0] ?? [], steps);
    await gpu.device.queue.onSubmittedWorkDone();
    gpu.assertAlive();
    return (performance.now() - start) / steps;
  };
  try {
    // The first step pays for what drivers put off; the second tells how many more there is time for.
    await timed(1);
    const once = await timed(1);
    const steps = Math.floor(trialMilliseconds / families.length / 2 / Math.max(once, 0.1));
    return steps < 2 ? once : await timed(Math.min(steps, trialSteps));
  } finally {
    run.destroy();
  }
}

/** Bytes of every value: what is computed with zeros can be faster than what is computed with pictures. */
function madeImages({ image: [rows, columns] }: NetworkSpec, count: number): ImageSet {
  const pixels = new Uint8Array(count * rows * columns);
  for (let index = 0; index < pixels.length; index++) pixels[index] = Math.imul(index, 0x9e3779b1) >>> 24;
  return { name: "made images", count, rows, columns, pixels };
}
