import { rowsOf } from "../data/picture.ts";
import { Buffers } from "../device/buffers.ts";
import type { Device, DeviceBuffer, Dispatch, Readback } from "../device/device.ts";
import { estimatedStrength } from "../filters/estimated-strength.ts";
import { usualFamily } from "../kernels/family.ts";
import { layOut, padRows, quads, unpadRows } from "../math/layout.ts";
import { InputError } from "../spec/input-error.ts";
import { outputSize, valuesOf } from "../spec/layers.ts";
import {
  type Code,
  checkDecodes,
  checkStrength,
  endsOf,
  imageValues,
  isConvolutional,
  type Model,
  type NetworkSpec,
  requireCode,
} from "../spec/network.ts";
import { forwardPass } from "./forward.ts";
import { NetworkBuffers } from "./network-buffers.ts";

/** Batches in flight at once: one is uploaded while another is computed and a third read back. */
const laneCount = 3;

/** A forward pass for one batch, with its own buffers. */
interface Lane {
  readonly activations: DeviceBuffer;
  /** The dispatches of each layer. */
  readonly forward: readonly (readonly Dispatch[])[];
  readonly readback: Readback;
}

/** Layers `first` up to, not including, `end`. */
interface Span {
  readonly first: number;
  readonly end: number;
  /** Of the noise, for a network with a noise map. */
  readonly strength?: number | undefined;
}

/** A trained network for inference: pictures to pictures, pictures to latent codes, codes to pictures. */
export class Denoiser {
  /** Rows per forward pass. */
  readonly batch: number;
  readonly #device: Device;
  readonly #network: NetworkBuffers;
  readonly #buffers: Buffers;
  /** Unused lanes, and the requests that wait for one. */
  readonly #free: Lane[];
  readonly #waiting: ((lane: Lane) => void)[] = [];

  private constructor(
    device: Device,
    batch: number,
    network: NetworkBuffers,
    buffers: Buffers,
    lanes: readonly Lane[],
  ) {
    this.#device = device;
    this.batch = batch;
    this.#network = network;
    this.#buffers = buffers;
    this.#free = [...lanes];
  }

  /**
   * Loads a model onto the device. `wanted` is the maximum number of rows per forward pass; by default, and at most for
   * convolutions, it is chosen from the memory needed. Throws an InputError or a DeviceError, and frees everything, when the model does not fit.
   */
  static async create(device: Device, model: Model, wanted?: number): Promise<Denoiser> {
    const fitting = fittingBatch(model.network);
    // Dense layers take little for a row that is not needed, convolutions as much as for any other.
    const batch = isConvolutional(model.network) ? Math.min(wanted ?? fitting, fitting) : (wanted ?? fitting);
    const buffers = new Buffers(device);
    try {
      const { network, allocated } = await device.build("the network", () => {
        const network = new NetworkBuffers(device, buffers, model.network, batch);
        const widest = Math.max(...model.network.layers.map((layer) => valuesOf(outputSize(layer))));
        const allocated = Array.from({ length: laneCount }, (_, lane) => ({
          activations: buffers.storage(`activations(${lane})`, network.activationBytes),
          readback: buffers.own(device.createReadback(16 * batch * quads(widest))),
        }));
        return { network, allocated };
      });
      network.write(model.layers);
      const family = usualFamily(device.adapter, model.network, batch);
      const lanes = allocated.map(async (lane) => ({
        ...lane,
        forward: await forwardPass(device, family, network, lane.activations),
      }));
      return new Denoiser(device, batch, network, buffers, await Promise.all(lanes));
    } catch (error) {
      buffers.destroy();
      throw error;
    }
  }

  /**
   * Noisy images [count, pixels] -> denoised images [count, pixels], in [0, 1] if the network's output is a sigmoid; other
   * outputs may exceed the range slightly. `strength` is the standard deviation of the noise, for a network with a noise map; by default
   * it is estimated from each image.
   */
  async denoise(images: Float32Array, strength?: number): Promise<Float32Array<ArrayBuffer>> {
    checkStrength(this.#network.layout.network, strength);
    return this.#all(images, { first: 0, end: this.#depth, strength });
  }

  /** Images [count, pixels] -> latent codes [count, code size], each value >= 0. */
  encode(images: Float32Array): Promise<Float32Array<ArrayBuffer>> {
    return this.#all(images, { first: 0, end: this.#code.depth });
  }

  /**
   * Latent codes [count, code size] -> images [count, pixels]. Throws an InputError for a residual network: its
   * output is its input minus the predicted noise, so it needs the input image.
   */
  async decode(codes: Float32Array): Promise<Float32Array<ArrayBuffer>> {
    checkDecodes(this.#network.layout.network);
    return this.#all(codes, { first: this.#code.depth, end: this.#depth });
  }

  /**
   * Denoises any number of images in bounded memory. It takes batches of up to `batch` noisy images [count, pixels]
   * and yields the denoised ones in the same order. A batch is requested only when a lane is free.
   */
  denoiseStream(
    batches: Iterable<Float32Array> | AsyncIterable<Float32Array>,
    strength?: number,
  ): AsyncGenerator<Float32Array<ArrayBuffer>> {
    checkStrength(this.#network.layout.network, strength);
    return this.#stream(batches, { first: 0, end: this.#depth, strength });
  }

  get #code(): Code {
    return requireCode(this.#network.layout.network);
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
    try {
      for await (const batch of batches) {
        const oldest = underway.length === laneCount ? underway.shift() : undefined;
        if (oldest) yield await oldest;
        const sent = this.#send(batch, span);
        // Awaited later. Until then, a failure must not count as an unhandled rejection.
        sent.catch(() => {});
        underway.push(sent);
      }
      for (let oldest = underway.shift(); oldest; oldest = underway.shift()) yield await oldest;
    } finally {
      await Promise.allSettled(underway);
    }
  }

  /** The strength of the noise in each image, as given or estimated; none for a network without a noise map. */
  async #strengths(images: Float32Array, count: number, given: number | undefined): Promise<number[]> {
    const { network } = this.#network.layout;
    if (!network.noiseMap) return [];
    if (given !== undefined) return Array.from({ length: count }, () => given);
    const size = imageValues(network);
    const [rows, columns] = network.image;
    const strengths: number[] = [];
    for (let image = 0; image < count; image++) {
      const values = images.slice(image * size, (image + 1) * size);
      strengths.push(await estimatedStrength(rowsOf({ rows, columns, channels: network.channels, values })));
    }
    return strengths;
  }

  /** Sends one batch through the layers of the span, in the first free lane. */
  async #send(values: Float32Array, span: Span): Promise<Float32Array<ArrayBuffer>> {
    const { inputs, outputs } = this.#widths(span);
    const rows = values.length / inputs;
    if (!Number.isInteger(rows) || rows < 1 || rows > this.batch) {
      throw new InputError(
        `A batch must be 1 to ${this.batch} rows of ${inputs} numbers, but it has ${values.length} numbers.`,
      );
    }
    const lane = await this.#takeLane();
    try {
      const { layers, pictureOffset } = this.#network.layout;
      const outputOffset =
        span.end < layers.length ? (layers[span.end - 1]?.outputOffset ?? 0) : pictureOffset;
      const inputOffset = span.first === 0 ? 0 : (layers[span.first]?.inputOffset ?? 0);
      const { activations, forward, readback } = lane;
      this.#device.write(activations, 16 * inputOffset, padRows(values, rows, inputs));
      if (span.first === 0)
        this.#network.setStrengths(activations, await this.#strengths(values, rows, span.strength));
      this.#device.submit(forward.slice(span.first, span.end).flat());
      const [bytes] = await readback.read([
        { buffer: activations, offset: 16 * outputOffset, bytes: 16 * rows * quads(outputs) },
      ]);
      return unpadRows(new Float32Array(bytes), rows, outputs);
    } finally {
      const next = this.#waiting.shift();
      if (next) next(lane);
      else this.#free.push(lane);
    }
  }

  async #takeLane(): Promise<Lane> {
    return this.#free.shift() ?? new Promise((resolve) => this.#waiting.push(resolve));
  }

  #widths({ first, end }: Span): { inputs: number; outputs: number } {
    const { network } = this.#network.layout;
    const { inputs, outputs } = endsOf(network.layers.slice(first, end));
    // The strength is a channel of the first layer's input, but not of the image.
    return { inputs: first === 0 ? imageValues(network) : inputs, outputs };
  }
}

/** The number of rows whose activations take about 32 MiB, at most 1024. */
function fittingBatch(network: NetworkSpec): number {
  const { activationQuads } = layOut(network, 4);
  return Math.max(1, Math.min(1024, Math.floor(2 ** 25 / (4 * activationQuads))));
}
