import type { Dispatch } from "../gpu/dispatch.ts";
import type { Gpu } from "../gpu/gpu.ts";
import { readBack } from "../gpu/readback.ts";
import { submit } from "../gpu/submit.ts";
import { usualFamily } from "../kernels/family.ts";
import { padRows, quads, unpadRows } from "../math/layout.ts";
import { InputError } from "../spec/input-error.ts";
import { codeSize, encoderDepth, type Model } from "../spec/network.ts";
import { forwardPass } from "./forward.ts";
import { NetworkBuffers } from "./network-buffers.ts";

/** A trained network at work: pictures to pictures, pictures to latent codes, codes to pictures. */
export class Denoiser {
  readonly #gpu: Gpu;
  readonly #buffers: NetworkBuffers;
  readonly #forward: readonly Dispatch[];
  readonly #batch: number;

  private constructor(gpu: Gpu, buffers: NetworkBuffers, forward: readonly Dispatch[], batch: number) {
    this.#gpu = gpu;
    this.#buffers = buffers;
    this.#forward = forward;
    this.#batch = batch;
  }

  /** Puts a model on the device; `batch` images go through it at a time. */
  static async create(gpu: Gpu, model: Model, batch = 256): Promise<Denoiser> {
    const buffers = await gpu.build("the network", () => new NetworkBuffers(gpu, model.network, batch));
    buffers.write(model.layers);
    return new Denoiser(
      gpu,
      buffers,
      await forwardPass(gpu, usualFamily(gpu.adapter, batch), buffers),
      batch,
    );
  }

  /** Noisy images [count, pixels] in [0, 1] -> denoised images [count, pixels] in [0, 1]. */
  denoise(images: Float32Array): Promise<Float32Array<ArrayBuffer>> {
    return this.#run(images, 0, this.#forward.length);
  }

  /** Images [count, pixels] in [0, 1] -> latent codes [count, code size], each value >= 0. */
  encode(images: Float32Array): Promise<Float32Array<ArrayBuffer>> {
    return this.#run(images, 0, encoderDepth(this.#buffers.layout.network));
  }

  /** Latent codes [count, code size] -> images [count, pixels] in [0, 1]. */
  decode(codes: Float32Array): Promise<Float32Array<ArrayBuffer>> {
    return this.#run(codes, encoderDepth(this.#buffers.layout.network), this.#forward.length);
  }

  /** Values in a latent code. */
  get codeSize(): number {
    return codeSize(this.#buffers.layout.network);
  }

  destroy(): void {
    this.#buffers.destroy();
  }

  /** Sends rows through the layers from `first` up to, not including, `end`. */
  async #run(values: Float32Array, first: number, end: number): Promise<Float32Array<ArrayBuffer>> {
    const { activations, layout } = this.#buffers;
    const firstLayer = layout.layers[first];
    const lastLayer = layout.layers[end - 1];
    if (!firstLayer || !lastLayer) throw new RangeError(`The network has no layers ${first} to ${end}.`);
    const width = firstLayer.spec.inputs;
    if (values.length === 0 || values.length % width !== 0) {
      throw new InputError(
        `The network takes rows of ${width} numbers, but it was given ${values.length} numbers.`,
      );
    }
    const count = values.length / width;
    const { outputs } = lastLayer.spec;
    const results = new Float32Array(count * outputs);
    for (let start = 0; start < count; start += this.#batch) {
      const rows = Math.min(this.#batch, count - start);
      const batch = padRows(values.subarray(start * width, (start + rows) * width), rows, width);
      this.#gpu.device.queue.writeBuffer(activations, 16 * firstLayer.inputOffset, batch);
      submit(this.#gpu, this.#forward.slice(first, end));
      const [bytes] = await readBack(this.#gpu, [
        { buffer: activations, offset: 16 * lastLayer.outputOffset, bytes: 16 * rows * quads(outputs) },
      ]);
      results.set(unpadRows(new Float32Array(bytes), rows, outputs), start * outputs);
    }
    return results;
  }
}
