import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";
import { table } from "../../src/cli/text.ts";
import type { ByteImageSet } from "../../src/data/image-set.ts";
import { openNodeGpu } from "../../src/dawn/node-gpu.ts";
import type { Gpu } from "../../src/gpu/gpu.ts";
import { denseLayers } from "../../src/spec/layers.ts";
import type { Model } from "../../src/spec/network.ts";
import { defaultTraining, type TrainingSpec } from "../../src/spec/settings.ts";
import { trainOn } from "../../src/training/device-run.ts";
import type { EpochRecord } from "../../src/training/history.ts";
import type { TrainingData } from "../../src/training/run-data.ts";
import { GpuBytes } from "./gpu-bytes.ts";
import { growth } from "./growth.ts";
import { mean } from "./mean.ts";
import { soakData } from "./soak-data.ts";

const mebibyte = 2 ** 20;

/** The number of memory samples in a run. */
const looks = 20;

/** A memory sample, after garbage collection. */
interface Look {
  readonly epoch: number;
  /** MiB of the process's memory, of its JavaScript objects, and of the memory that they hold outside the heap. */
  readonly rss: number;
  readonly heap: number;
  readonly external: number;
  readonly gpuBytes: number;
  readonly gpuBuffers: number;
  /** CPU time per epoch in milliseconds, over all cores, since the previous sample. Other work hardly affects it. */
  readonly worked: number;
}

interface SoakedRun {
  readonly looks: readonly Look[];
  readonly records: readonly EpochRecord[];
  /** The hash of the weights and of the history without times. */
  readonly hash: string;
}

/**
 * Trains twice in Node; returns a sentence for everything that grew, and if the second run differs from the first.
 */
export async function soakInNode(epochs: number): Promise<string[]> {
  const { gpu } = await openNodeGpu();
  const counted = new GpuBytes(gpu.device);
  try {
    const spec: TrainingSpec = { ...defaultTraining, hidden: denseLayers(32), batch: 128, epochs };
    const data = await soakData();
    console.log(`784-32-784 on 1,000 digits, ${epochs} epochs twice, on ${gpu.adapter.name}.`);
    const first = await train(gpu, counted, spec, data);
    report(first);
    const left = { bytes: counted.bytes, buffers: counted.buffers };
    const second = await train(gpu, counted, spec, data);
    report(second);
    return [
      ...[first, second].flatMap(({ looks }) => grown(looks)),
      // The first run fills permanent pools of the C library and of the software GPU. A leak would continue.
      ...grownProcess(second.looks),
      ...(left.buffers === 0 ? [] : [`The first run left ${left.buffers} buffers of ${left.bytes} bytes.`]),
      ...(first.hash === second.hash ? [] : ["The second run came to other bits than the first."]),
    ];
  } finally {
    gpu.destroy();
  }
}

async function train(
  gpu: Gpu,
  counted: GpuBytes,
  spec: TrainingSpec,
  data: TrainingData<ByteImageSet>,
): Promise<SoakedRun> {
  const trainer = await trainOn(gpu, spec, data, { family: "tile16" });
  try {
    const records: EpochRecord[] = [];
    const looked: Look[] = [];
    const interval = Math.max(1, Math.floor(spec.epochs / looks));
    let before = process.cpuUsage();
    for await (const { record } of trainer.epochs()) {
      records.push(record);
      if (record.epoch % interval !== 0) continue;
      const { user, system } = process.cpuUsage(before);
      looked.push(look(record.epoch, counted, (user + system) / 1000 / interval));
      before = process.cpuUsage();
    }
    return { looks: looked, records, hash: hashOf(await trainer.weights(), records) };
  } finally {
    trainer.destroy();
  }
}

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

function look(epoch: number, { bytes, buffers }: GpuBytes, worked: number): Look {
  collectGarbage();
  const { rss, heapUsed, external } = process.memoryUsage();
  return {
    epoch,
    rss: rss / mebibyte,
    heap: heapUsed / mebibyte,
    external: external / mebibyte,
    gpuBytes: bytes,
    gpuBuffers: buffers,
    worked,
  };
}

function hashOf({ layers }: Model, records: readonly EpochRecord[]): string {
  const hash = sha256.create();
  for (const { weight, bias } of layers) {
    for (const { buffer, byteOffset, byteLength } of [weight, bias])
      hash.update(new Uint8Array(buffer, byteOffset, byteLength));
  }
  const history = records.map(({ loss, valLoss, valPsnr }) => [loss, valLoss, valPsnr]);
  return bytesToHex(hash.update(new TextEncoder().encode(JSON.stringify(history))).digest());
}

function grown(looks: readonly Look[]): string[] {
  const watched = [
    { what: "The heap in MiB", values: looks.map(({ heap }) => heap), mayGrow: 2 },
    {
      what: "The memory outside of the heap in MiB",
      values: looks.map(({ external }) => external),
      mayGrow: 1,
    },
    { what: "The GPU's memory in bytes", values: looks.map(({ gpuBytes }) => gpuBytes), mayGrow: 0 },
    {
      what: "The number of the GPU's buffers",
      values: looks.map(({ gpuBuffers }) => gpuBuffers),
      mayGrow: 0,
    },
  ];
  return watched.flatMap((numbers) => growth(numbers) ?? []);
}

function grownProcess(looks: readonly Look[]): string[] {
  const values = looks.map(({ rss }) => rss);
  const fault = growth({ what: "The process's memory in MiB", values, mayGrow: 8 });
  return fault === undefined ? [] : [fault];
}

function report({ looks, records, hash }: SoakedRun): void {
  const header = [
    "epoch",
    "process MiB",
    "heap MiB",
    "external MiB",
    "GPU bytes",
    "GPU buffers",
    "CPU ms an epoch",
  ];
  const rows = looks.map(({ epoch, rss, heap, external, gpuBytes, gpuBuffers, worked }) => [
    String(epoch),
    ...[rss, heap, external].map((number) => number.toFixed(1)),
    String(gpuBytes),
    String(gpuBuffers),
    worked.toFixed(0),
  ]);
  console.log(table([header, ...rows]));
  const seconds = records.map((record) => record.seconds);
  const part = Math.min(100, Math.floor(seconds.length / 2));
  const [first, last] = [seconds.slice(0, part), seconds.slice(-part)].map(
    (some) => `${(1000 * mean(some)).toFixed(0)} ms`,
  );
  console.log(`An epoch took ${first} in the first ${part}, ${last} in the last ${part}; bits ${hash}.`);
}
