import { Buffers } from "../device/buffers.ts";
import type { Device, DeviceBuffer, Dispatch, Readback, Region } from "../device/device.ts";
import { usualFamily } from "../kernels/family.ts";
import { layOut } from "../math/layout.ts";
import { channelBlock, type ValueBlock, valueBlock } from "../math/value-blocks.ts";
import { InputError } from "../spec/input-error.ts";
import {
  type Code,
  checkDecodes,
  checkStrength,
  codeOf,
  isConvolutional,
  type Model,
  type NetworkSpec,
  requireCode,
} from "../spec/network.ts";
import { forwardPass } from "./forward.ts";
import { NetworkBuffers } from "./network-buffers.ts";
import { strengthsOfImages } from "./noise-strength.ts";

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
        const largest = largestRead(network, batch);
        const allocated = Array.from({ length: laneCount }, (_, lane) => ({
          activations: buffers.storage(`activations(${lane})`, network.activationBytes),
          readback: buffers.own(device.createReadback(16 * largest)),
        }));
        return { network, allocated };
      });
      network.write(model.layers);
      const family = usualFamily(device, model.network, batch);
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

  /**
   * Images [count, pixels] -> latent codes [count, code size], each value >= 0. The codes of convolutions are
   * [channels, rows, columns].
   */
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

  /**
   * What each convolution makes of one image [pixels]: the results of `use` for the output [channels, rows, columns] of every
   * layer, the first one first; the last layer's is before the output function. Only that image's values are read back.
   */
  async layerOutputs<T>(
    image: Float32Array,
    use: (output: Float32Array<ArrayBuffer>, layer: number) => T,
  ): Promise<T[]> {
    const { layout } = this.#network;
    if (!isConvolutional(layout.network)) {
      throw new InputError("Only convolutions have channels, and the network has dense layers.");
    }
    const input = valueBlock(layout, 0);
    if (image.length !== input.values) {
      throw new InputError(
        `The network takes an image of ${input.values} numbers, but it was given ${image.length} numbers.`,
      );
    }
    return this.#inLane(async ({ activations, forward, readback }) => {
      this.#device.write(activations, 0, input.pack(image, 1));
      this.#network.setStrengths(activations, await strengthsOfImages(layout.network, image, 1, undefined));
      this.#device.submit(forward.flat());
      const results: T[] = [];
      for (const layer of layout.layers.keys()) {
        const output = channelBlock(layout, layer);
        const [bytes] = await readback.read([regionOf(activations, output, 1)]);
        results.push(use(output.unpack(new Float32Array(bytes), 1), layer));
      }
      return results;
    });
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
    const [{ values: inputs }, { values: outputs }] = this.#endsOf(span);
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

  /** Sends one batch through the layers of the span, in the first free lane. */
  async #send(values: Float32Array, span: Span): Promise<Float32Array<ArrayBuffer>> {
    const [input, output] = this.#endsOf(span);
    const rows = values.length / input.values;
    if (!Number.isInteger(rows) || rows < 1 || rows > this.batch) {
      throw new InputError(
        `A batch must be 1 to ${this.batch} rows of ${input.values} numbers, but it has ${values.length} numbers.`,
      );
    }
    return this.#inLane(async ({ activations, forward, readback }) => {
      this.#device.write(activations, 16 * input.offset, input.pack(values, rows));
      if (span.first === 0)
        this.#network.setStrengths(
          activations,
          await strengthsOfImages(this.#network.layout.network, values, rows, span.strength),
        );
      this.#device.submit(forward.slice(span.first, span.end).flat());
      const [bytes] = await readback.read([regionOf(activations, output, rows)]);
      return output.unpack(new Float32Array(bytes), rows);
    });
  }

  /** Does work with the first free lane. */
  async #inLane<T>(work: (lane: Lane) => Promise<T>): Promise<T> {
    const lane = this.#free.shift() ?? (await new Promise<Lane>((resolve) => this.#waiting.push(resolve)));
    try {
      return await work(lane);
    } finally {
      const next = this.#waiting.shift();
      if (next) next(lane);
      else this.#free.push(lane);
    }
  }

  /** The input and the output of a span. */
  #endsOf({ first, end }: Span): readonly [ValueBlock, ValueBlock] {
    const { layout } = this.#network;
    return [valueBlock(layout, first), valueBlock(layout, end)];
  }
}

/** The values of a batch's first images. */
function regionOf(buffer: DeviceBuffer, { offset, quads }: ValueBlock, images: number): Region {
  return { buffer, offset: 16 * offset, bytes: 16 * images * quads };
}

/** Quads of the longest read: of a batch's pictures or codes, or of the output of a convolution for one image. */
function largestRead({ layout }: NetworkBuffers, batch: number): number {
  const { network, layers } = layout;
  const code = codeOf(network);
  const ends = [layers.length, ...(code ? [code.depth] : [])].map(
    (end) => batch * valueBlock(layout, end).quads,
  );
  const channels = isConvolutional(network)
    ? layers.map((_, index) => channelBlock(layout, index).quads)
    : [];
  return Math.max(...ends, ...channels);
}

/** The number of rows whose activations take about 32 MiB, at most 1024. */
function fittingBatch(network: NetworkSpec): number {
  const { activationQuads } = layOut(network, 4);
  return Math.max(1, Math.min(1024, Math.floor(2 ** 25 / (4 * activationQuads))));
}
