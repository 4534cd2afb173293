import { cpuMath } from "../cpu/dense.ts";
import { forwardPass } from "../reference/forward-pass.ts";
import { type ReferenceLayer, referenceLayers } from "../reference/layers.ts";
import { InputError } from "../spec/input-error.ts";
import { checkDecodes, endsOf, type Model, type NetworkSpec, requireCode } from "../spec/network.ts";
import { checkFitsCpu, portionRows } from "./cpu-portions.ts";
import { WorkSlices } from "./work-slices.ts";

/** A trained network at work on the CPU, in float64: what Denoiser is on the GPU. */
export class CpuDenoiser {
  readonly #network: NetworkSpec;
  readonly #layers: readonly ReferenceLayer[];

  private constructor(network: NetworkSpec, layers: readonly ReferenceLayer[]) {
    this.#network = network;
    this.#layers = layers;
  }

  /** Throws an InputError when the model is too large. */
  static async create({ network, layers }: Model): Promise<CpuDenoiser> {
    checkFitsCpu(network);
    return new CpuDenoiser(network, referenceLayers(network, layers));
  }

  /**
   * Noisy images [count, pixels] -> denoised images [count, pixels], in [0, 1] if the network's output is a sigmoid; other
   * outputs may exceed the range slightly.
   */
  denoise(images: Float32Array): Promise<Float32Array<ArrayBuffer>> {
    return this.#through(images, 0, this.#layers.length);
  }

  /** Images [count, pixels] -> latent codes [count, code size], each value >= 0. */
  encode(images: Float32Array): Promise<Float32Array<ArrayBuffer>> {
    return this.#through(images, 0, requireCode(this.#network).depth);
  }

  /** Latent codes [count, code size] -> images [count, pixels]. Throws an InputError for a residual network. */
  async decode(codes: Float32Array): Promise<Float32Array<ArrayBuffer>> {
    checkDecodes(this.#network);
    return this.#through(codes, requireCode(this.#network).depth, this.#layers.length);
  }

  /** There is nothing to free. */
  destroy(): void {}

  async #through(values: Float32Array, first: number, end: number): Promise<Float32Array<ArrayBuffer>> {
    const { inputs, outputs } = endsOf(this.#layers.slice(first, end));
    if (values.length === 0 || values.length % inputs !== 0) {
      throw new InputError(
        `The network takes rows of ${inputs} numbers, but it was given ${values.length} numbers.`,
      );
    }
    const results = new Float32Array((values.length / inputs) * outputs);
    const rows = portionRows(this.#network);
    const slices = new WorkSlices();
    for (let row = 0; row * inputs < values.length; row += rows) {
      const portion = Float64Array.from(values.subarray(row * inputs, (row + rows) * inputs));
      results.set(forwardPass(this.#layers, portion, { first, end, math: cpuMath }), row * outputs);
      await slices.breathe();
    }
    return results;
  }
}
