import { Buffers } from "../../src/device/buffers.ts";
import type { Dispatch } from "../../src/device/device.ts";
import { defineKernel } from "../../src/device/kernel.ts";
import type { Gpu } from "../../src/gpu/gpu.ts";
import copyCode from "./copy.wgsl";
import multiplyAddCode from "./multiply_add.wgsl";
import productCode from "./product.wgsl";

/** The throughput of the adapter per second on simple, large work. */
export interface Ceilings {
  /** Bytes of a copy, read and written. */
  readonly copyBytes: number;
  /** Floating-point operations of a square product. */
  readonly productFlops: number;
  /** Floating-point operations of multiply-adds in registers. */
  readonly multiplyAddFlops: number;
}

const copy = defineKernel({
  name: "copy",
  code: copyCode,
  workgroup: [64, 1],
  bindings: { source: "read", copy: "readWrite" },
});

const product = defineKernel({
  name: "product",
  code: productCode,
  workgroup: [8, 8],
  bindings: { a: "read", b: "read", c: "readWrite" },
});

const multiplyAdd = defineKernel({
  name: "multiply_add",
  code: multiplyAddCode,
  workgroup: [64, 1],
  bindings: { results: "readWrite" },
});

/** Measures an adapter's ceilings; takes a few seconds. */
export async function measureCeilings(gpu: Gpu): Promise<Ceilings> {
  const buffers = new Buffers(gpu);
  try {
    const copied = await copyOf(gpu, buffers, 128 * 2 ** 20);
    const multiplied = await productOf(gpu, buffers, gpu.adapter.software ? 512 : 4096);
    const added = await multiplyAddsOf(gpu, buffers);
    return { copyBytes: copied, productFlops: multiplied, multiplyAddFlops: added };
  } finally {
    buffers.destroy();
  }
}

async function copyOf(gpu: Gpu, buffers: Buffers, bytes: number): Promise<number> {
  const resources = { source: buffers.storage("source", bytes), copy: buffers.storage("copy", bytes) };
  const dispatch = (await gpu.pipeline(copy)).bind(resources, bytes / 64);
  return (2 * bytes) / (await secondsOf(gpu, dispatch));
}

async function productOf(gpu: Gpu, buffers: Buffers, n: number): Promise<number> {
  const matrix = (name: string) => buffers.storage(name, 4 * n * n);
  const resources = { a: matrix("a"), b: matrix("b"), c: matrix("c") };
  const dispatch = (await gpu.pipeline(product)).bind(resources, [n / 8, n / 8]);
  return (2 * n ** 3) / (await secondsOf(gpu, dispatch));
}

async function multiplyAddsOf(gpu: Gpu, buffers: Buffers): Promise<number> {
  const { dispatch, flops } = await multiplyAddsOn(gpu, buffers);
  return flops / (await secondsOf(gpu, dispatch));
}

/** A launch of multiply-adds, and its floating-point operations. */
async function multiplyAddsOn(gpu: Gpu, buffers: Buffers): Promise<{ dispatch: Dispatch; flops: number }> {
  const invocations = gpu.adapter.software ? 2 ** 14 : 2 ** 22;
  const resources = { results: buffers.storage("results", 16 * invocations) };
  const dispatch = (await gpu.pipeline(multiplyAdd)).bind(resources, [invocations, 1]);
  return { dispatch, flops: 16_384 * invocations };
}

/** The ceiling of multiply-adds at the moment, for measurements that take turns with it. */
export interface MultiplyAdds {
  /** Floating-point operations per second. */
  now(): Promise<number>;
  destroy(): void;
}

/** The multiply-adds of a GPU, over as many launches as take 200 ms. */
export async function openMultiplyAdds(gpu: Gpu): Promise<MultiplyAdds> {
  const buffers = new Buffers(gpu);
  const { dispatch, flops } = await multiplyAddsOn(gpu, buffers);
  const launches = await launchesOf(gpu, dispatch);
  return {
    now: async () => (1000 * launches * flops) / (await timeLaunches(gpu, dispatch, launches)),
    destroy: () => buffers.destroy(),
  };
}

/** As many launches as take 200 ms. */
async function launchesOf(gpu: Gpu, dispatch: Dispatch): Promise<number> {
  await timeLaunches(gpu, dispatch, 1);
  return Math.max(1, Math.round(200 / (await timeLaunches(gpu, dispatch, 1))));
}

/** The minimum of three measurements of a launch, each over as many launches as take 200 ms. */
async function secondsOf(gpu: Gpu, dispatch: Dispatch): Promise<number> {
  const launches = await launchesOf(gpu, dispatch);
  const times: number[] = [];
  for (let time = 0; time < 3; time++) times.push((await timeLaunches(gpu, dispatch, launches)) / launches);
  return Math.min(...times) / 1000;
}

/** In milliseconds, from the submit to the end of the last launch. */
async function timeLaunches(gpu: Gpu, dispatch: Dispatch, launches: number): Promise<number> {
  const started = performance.now();
  gpu.submit([dispatch], launches);
  await gpu.done();
  gpu.assertAlive();
  return performance.now() - started;
}
