import { makeProblem } from "../problem.ts";
import type { Shape } from "../shapes.ts";
import type { Block } from "../system.ts";
import { type Counts, WebGpuCounter } from "../webgpu-counts.ts";
import type { Contestant, Training } from "./contestant.ts";
import type { DenoisedOnce } from "./pictures.ts";

/** Each library is loaded only by its own page. */
const contestants: Readonly<Record<string, () => Promise<Contestant>>> = {
  unsnow: async () => (await import("./unsnow.ts")).unsnow(),
  "unsnow CPU": async () => (await import("./unsnow.ts")).unsnowCpu(),
  "jax-js webgpu": async () => (await import("./jax.ts")).jax("webgpu"),
  "jax-js wasm": async () => (await import("./jax.ts")).jax("wasm"),
  "TF.js webgpu": async () => (await import("./tensorflow.ts")).tensorflow("webgpu"),
  "TF.js webgl": async () => (await import("./tensorflow.ts")).tensorflow("webgl"),
  "TF.js wasm": async () => (await import("./tensorflow.ts")).tensorflow("wasm"),
  ConvNetJS: async () => (await import("./convnet.ts")).convnet(),
};

let contestant: Contestant | undefined;
let training: Training | undefined;

function loaded(): Contestant {
  if (!contestant) throw new Error("The library is not loaded.");
  return contestant;
}

function opened(): Training {
  if (!training) throw new Error("No problem was put before the system yet.");
  return training;
}

async function digits(): Promise<Uint8Array> {
  return new Uint8Array(await (await fetch("/digits/images.idx.gz")).arrayBuffer());
}

/** The interface of a page for the benchmark. */
const bench = {
  async load(name: string): Promise<void> {
    contestant = await contestants[name]?.();
  },

  /** From a loaded library to the loss of the first step: device, shaders, one batch of data; in milliseconds. */
  async firstStep(shape: Shape): Promise<number> {
    const problem = await makeProblem(shape, await digits(), 1);
    const started = performance.now();
    const first = await loaded().open(problem);
    await first.train(1);
    await first.loss();
    return performance.now() - started;
  },

  async open(shape: Shape): Promise<{ device: string; maxSteps: number }> {
    const problem = await makeProblem(shape, await digits());
    training = await loaded().open(problem);
    return { device: training.device, maxSteps: training.maxSteps };
  },

  async run(steps: number): Promise<Block> {
    const milliseconds = await opened().train(steps);
    return { milliseconds, loss: await opened().loss() };
  },

  /** Loads the network for colour photographs into a system of pictures.ts; returns what it computes on. */
  async openPicture(name: string): Promise<string> {
    return (await import("./pictures.ts")).pictures.open(name);
  },

  async denoisePicture(side: number): Promise<DenoisedOnce> {
    return (await import("./pictures.ts")).pictures.denoise(side);
  },

  /** The WebGPU calls of `steps` steps, the same number as in the previous call. */
  async count(steps: number): Promise<Counts> {
    const counter = new WebGpuCounter();
    await opened().train(steps);
    const counts = counter.stop();
    await opened().loss();
    return counts;
  },
};

declare global {
  interface Window {
    bench: typeof bench;
  }
}
window.bench = bench;
