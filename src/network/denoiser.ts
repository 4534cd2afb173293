import { Buffers } from "../gpu/buffers.ts";
import type { Dispatch } from "../gpu/dispatch.ts";
import type { Gpu } from "../gpu/gpu.ts";
import { Readback } from "../gpu/readback.ts";
import { submit } from "../gpu/submit.ts";
import { usualFamily } from "../kernels/family.ts";
import { padRows, quads, unpadRows } from "../math/layout.ts";
import { InputError } from "../spec/input-error.ts";
import { codeSize, encoderDepth, type Model } from "../spec/network.ts";
import { forwardPass } from "./forward.ts";
import { NetworkBuffers } from "./network-buffers.ts";

/** Batches under way at once: one is uploaded while another is computed and a third read back. */
const laneCount = 3;

/** A batch's way through the network, with buffers of its own. */
interface Lane {
  readonly activations: GPUBuffer;
  readonly forward: readonly Dispatch[];
  readonly readback: Readback;
}

/** Layers `first` up to, not including, `end`. */
interface Span {
  readonly first: number;
  readonly end: number;
}

/** A trained network at work: pictures to pictures, pictures to latent codes, codes to pictures. */
export class Denoiser {
  /** Rows that go through the network at a time. */
  readonly batch: number;
  readonly #gpu: Gpu;
  readonly #network: NetworkBuffers;
  readonly #buffers: Buffers;
  readonly #lanes: readonly Lane[];

  private constructor(
    gpu: Gpu,
    batch: number,
    network: NetworkBuffers,
    buffers: Buffers,
    lanes: readonly Lane[],
  ) {
    this.#gpu = gpu;
    this.batch = batch;
    this.#network = network;
    this.#buffers = buffers;
    this.#lanes = lanes;
  }

  /** Puts a model on the device; `batch` images go through it at a time. */
  static async create(gpu: Gpu, model: Model, batch = 256): Promise<Denoiser> {
    const buffers = new Buffers(gpu);
    try {
      const { network, activations } = await gpu.build("the network", () => {
        const network = new NetworkBuffers(gpu, buffers, model.network, batch);
        const activations = Array.from({ length: laneCount }, (_, lane) =>
          buffers.storage(`activations(${lane})`, network.activationBytes),
        );
        return { network, activations };
      });
      network.write(model.layers);
      const lanes = activations.map(async (activations) => ({
        activations,
        forward: await forwardPass(gpu, usualFamily(gpu.adapter, batch), network, activations),
        readback: buffers.own(new Readback(gpu, network.activationBytes)),
      }));
      return new Denoiser(gpu, batch, network, buffers, await Promise.all(lanes));
    } catch (error) {
      buffers.destroy();
      throw error;
    }
  }

  /** Noisy images [count, pixels] in [0, 1] -> denoised images [count, pixels] in [0, 1]. */
  denoise(images: Float32Array): Promise<Float32Array<ArrayBuffer>> {
    return this.#all(images, { first: 0, end: this.#depth });
  }

  /** Images [count, pixels] in [0, 1] -> latent codes [count, code size], each value >= 0. */
  encode(images: Float32Array): Promise<Float32Array<ArrayBuffer>> {
    return this.#all(images, { first: 0, end: encoderDepth(this.#network.layout.network) });
  }

  /** Latent codes [count, code size] -> images [count, pixels] in [0, 1]. */
  decode(codes: Float32Array): Promise<Float32Array<ArrayBuffer>> {
    return this.#all(codes, { first: encoderDepth(this.#network.layout.network), end: this.#depth });
  }

  /**
   * Denoises any number of images in bounded memory: batches of up to `batch` noisy images [count, pixels] in, the denoised
   * ones out in the same order. A batch is taken when there is a free lane for it, never sooner.
   */
  denoiseStream(
    batches: Iterable<Float32Array> | AsyncIterable<Float32Array>,
  ): AsyncGenerator<Float32Array<ArrayBuffer>> {
    return this.#stream(batches, { first: 0, end: this.#depth });
  }

  /** Values in a latent code. */
  get codeSize(): number {
    return codeSize(this.#network.layout.network);
  }

  destroy(): void {
    this.#buffers.destroy();
  }

  get #depth(): number {
    return this.#network.layers.length;
  }

  async #all(values: Float32Array, span: Span): Promise<Float32Array<ArrayBuffer>> {
    const { inputs, outputs } = this.#widths(span);
    if (values.length === 0 || values.length % inputs !== 0) {
      throw new InputError(
        `The network takes rows of ${inputs} numbers, but it was given ${values.length} numbers.`,
      );
    }
    const size = this.batch * inputs;
    const batches = Array.from({ length: Math.ceil(values.length / size) }, (_, index) =>
      values.subarray(index * size, (index + 1) * size),
    );
    const results = new Float32Array((values.length / inputs) * outputs);
    let place = 0;
    for await (const result of this.#stream(batches, span)) {
      results.set(result, place);
      place += result.length;
    }
    return results;
  }

  async *#stream(
    batches: Iterable<Float32Array> | AsyncIterable<Float32Array>,
    span: Span,
  ): AsyncGenerator<Float32Array<ArrayBuffer>> {
    const underway: Promise<Float32Array<ArrayBuffer>>[] = [];
    let next = 0;
    try {
      for await (const batch of batches) {
        const lane = this.#lanes[next++ % laneCount];
        const oldest = underway.length === laneCount ? underway.shift() : undefined;
        if (oldest) yield await oldest;
        if (lane) underway.push(this.#send(lane, batch, span));
      }
      for (let oldest = underway.shift(); oldest; oldest = underway.shift()) yield await oldest;
    } finally {
      // Whoever stops early, by an error too, leaves no promise unheard.
      await Promise.allSettled(underway);
    }
  }

  /** Sends one batch through the layers of the span. */
  async #send(
    { activations, forward, readback }: Lane,
    values: Float32Array,
    span: Span,
  ): Promise<Float32Array<ArrayBuffer>> {
    const { layers } = this.#network.layout;
    const { inputs, outputs } = this.#widths(span);
    const rows = values.length / inputs;
    const inputOffset = layers[span.first]?.inputOffset ?? 0;
    const outputOffset = layers[span.end - 1]?.outputOffset ?? 0;
    this.#gpu.device.queue.writeBuffer(activations, 16 * inputOffset, padRows(values, rows, inputs));
    submit(this.#gpu, forward.slice(span.first, span.end));
    const [bytes] = await readback.read([
      { buffer: activations, offset: 16 * outputOffset, bytes: 16 * rows * quads(outputs) },
    ]);
    return unpadRows(new Float32Array(bytes), rows, outputs);
  }

  #widths({ first, end }: Span): { inputs: number; outputs: number } {
    const { layers } = this.#network;
    return { inputs: layers[first]?.spec.inputs ?? 0, outputs: layers[end - 1]?.spec.outputs ?? 0 };
  }
}
