import { type Counts, WebGpuCounter } from "../../bench/webgpu-counts.ts";
import { Gpu } from "../../src/gpu/gpu.ts";
import { trainOn } from "../../src/training/device-run.ts";
import { blobData, shortRun } from "../../test/training/run-fixture.ts";

/** The WebGPU calls of a run of `steps` training steps and one validation step per epoch. */
export interface RunCounts {
  /** Until the first epoch: opening, compiling, allocating. */
  readonly setUp: Counts;
  /** For each epoch. */
  readonly epochs: readonly Counts[];
  /** Requested pipelines with different code, entry points or constants. */
  readonly differentPipelines: number;
}

const batch = 8;

/** The functions that the tests call in the page. */
const underTest = {
  /** Counts the calls of two epochs of a small network. */
  async counts(hidden: number[], steps: number): Promise<RunCounts> {
    standClockStill();
    const pipelines = pipelineKeys();
    const setUp = new WebGpuCounter();
    const gpu = await Gpu.open(navigator.gpu);
    try {
      const spec = shortRun({ hidden, batch, epochs: 2 });
      const trainer = await trainOn(gpu, spec, blobData(steps * batch, batch, 4, 4));
      const made = setUp.stop();
      const epochs: Counts[] = [];
      for (let epoch = 0; epoch < 2; epoch++) {
        const counter = new WebGpuCounter();
        await trainer.epochs().next();
        epochs.push(counter.stop());
      }
      trainer.destroy();
      return { setUp: made, epochs, differentPipelines: pipelines.size };
    } finally {
      gpu.destroy();
    }
  },
};

/** The trainer sizes its submits by measured time. With a stopped clock they grow to the maximum. */
function standClockStill(): void {
  performance.now = () => 0;
}

/** Collects the descriptors of all pipelines that are created from now on. */
function pipelineKeys(): Set<string> {
  const keys = new Set<string>();
  const code = new WeakMap<GPUShaderModule, string>();
  const { createShaderModule, createComputePipelineAsync } = GPUDevice.prototype;
  GPUDevice.prototype.createShaderModule = function (descriptor) {
    const module = createShaderModule.call(this, descriptor);
    code.set(module, String(descriptor.code));
    return module;
  };
  GPUDevice.prototype.createComputePipelineAsync = function (descriptor) {
    const { module, entryPoint, constants } = descriptor.compute;
    keys.add(JSON.stringify([code.get(module), entryPoint, constants]));
    return createComputePipelineAsync.call(this, descriptor);
  };
  return keys;
}

declare global {
  interface Window {
    countsUnderTest: typeof underTest;
  }
}
window.countsUnderTest = underTest;
