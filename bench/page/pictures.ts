import type { InferenceSession } from "onnxruntime-web";
import runtimeAddress from "../../node_modules/onnxruntime-web/dist/ort.webgpu.bundle.min.mjs?url";
import modelAddress from "../../public/models/photo-colour.safetensors?url";
import { Cpu } from "../../src/cpu/cpu.ts";
import { threadHost } from "../../src/cpu/web-threads.ts";
import type { Picture } from "../../src/data/picture.ts";
import type { Device } from "../../src/device/device.ts";
import { parseModel } from "../../src/formats/model-file.ts";
import { encodeOnnx } from "../../src/formats/onnx.ts";
import { Gpu } from "../../src/gpu/gpu.ts";
import { PictureDenoiser } from "../../src/network/picture-denoiser.ts";
import type { Model } from "../../src/spec/network.ts";
import { noisyPicture, strength } from "../noisy-picture.ts";

/** A network in some system, ready to denoise pictures of the given strength. */
interface OpenNetwork {
  readonly device: string;
  denoise(picture: Picture, strength: number): Promise<Float32Array>;
}

/** A picture after a system: how long it took, and some of its values, to be compared with the others'. */
export interface DenoisedOnce {
  readonly milliseconds: number;
  readonly sample: readonly number[];
}

/** Values of a result that are compared. */
const compared = 64;

const systems: Readonly<Record<string, (model: Model) => Promise<OpenNetwork>>> = {
  unsnow: async (model) => unsnow(await Gpu.open(navigator.gpu), model),
  "unsnow CPU": async (model) => unsnow(await Cpu.open(threadHost), model),
  "onnxruntime webgpu": (model) => onnxruntime(model, "webgpu"),
  "onnxruntime wasm": (model) => onnxruntime(model, "wasm"),
};

let network: OpenNetwork | undefined;

/** The interface of a page that denoises pictures. */
export const pictures = {
  /** Loads the network for colour photographs into a system; returns what it computes on. */
  async open(name: string): Promise<string> {
    const bytes = new Uint8Array(await (await fetch(modelAddress)).arrayBuffer());
    network = await systems[name]?.(parseModel(bytes, "photo-colour"));
    return network?.device ?? "";
  },

  /** Denoises a square colour picture with sides of so many pixels, from float32 values to float32 values. */
  async denoise(side: number): Promise<DenoisedOnce> {
    if (!network) throw new Error("No network is loaded.");
    const picture = noisyPicture(side, side);
    const started = performance.now();
    const values = await network.denoise(picture, strength);
    const milliseconds = performance.now() - started;
    const step = Math.floor(values.length / compared);
    const sample = Array.from({ length: compared }, (_, index) => values[index * step] ?? Number.NaN);
    return { milliseconds, sample };
  },
};

async function unsnow(device: Device, model: Model): Promise<OpenNetwork> {
  const denoiser = await PictureDenoiser.create(device, model);
  return {
    device: device.adapter.name,
    denoise: async (picture, strength) => (await denoiser.denoisePicture(picture, { strength })).values,
  };
}

async function onnxruntime(model: Model, provider: "webgpu" | "wasm"): Promise<OpenNetwork> {
  const { env, InferenceSession, Tensor } = (await import(
    /* @vite-ignore */ runtimeAddress
  )) as typeof import("onnxruntime-web");
  env.wasm.wasmPaths = new URL(".", new URL(runtimeAddress, location.href)).href;
  env.wasm.numThreads = navigator.hardwareConcurrency;
  const session: InferenceSession = await InferenceSession.create(encodeOnnx(model, { version: "0" }), {
    executionProviders: [provider],
  });
  return {
    device: `onnxruntime-web ${env.versions.web ?? ""}, ${provider}, ${navigator.hardwareConcurrency} threads`,
    async denoise({ rows, columns, values }, strength) {
      const planes = new Float32Array(values.length);
      const pixels = rows * columns;
      for (let pixel = 0; pixel < pixels; pixel++) {
        for (let channel = 0; channel < 3; channel++)
          planes[channel * pixels + pixel] = values[pixel * 3 + channel] ?? 0;
      }
      const { denoised } = await session.run({
        noisy: new Tensor("float32", planes, [1, 3, rows, columns]),
        strength: new Tensor("float32", Float32Array.of(strength), [1]),
      });
      const data = (await denoised?.getData()) as Float32Array;
      const result = new Float32Array(data.length);
      for (let pixel = 0; pixel < pixels; pixel++) {
        for (let channel = 0; channel < 3; channel++)
          result[pixel * 3 + channel] = data[channel * pixels + pixel] ?? 0;
      }
      return result;
    },
  };
}
