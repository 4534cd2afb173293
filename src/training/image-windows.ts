import { imageSamples } from "../data/image-set.ts";
import { type ImageSource, inMemory, sourceOf } from "../data/image-source.ts";
import type { SampleFormat } from "../data/samples.ts";
import type { Buffers } from "../device/buffers.ts";
import type { Device, Dispatch } from "../device/device.ts";
import type { Constants } from "../device/kernel.ts";
import { windowUniform } from "../kernels/corrupt.ts";
import { quads } from "../math/layout.ts";
import { gatherDispatch, type ImageBuffers } from "./gather-dispatch.ts";
import { type ImagePair, windowBytes } from "./image-pair.ts";
import type { ImageSupply, Visit } from "./image-supply.ts";
import type { StepBuffers } from "./step-buffers.ts";
import type { SweepBuffers } from "./sweep-buffers.ts";

/**
 * A sweep's images on the device. If they fit, all are there from the start, by number. Otherwise they are streamed
 * in visiting order through two windows: one is filled while the device uses the other. The results are the same.
 */
export class ImageWindows implements ImageSupply {
  readonly count: number;
  readonly pixels: number;
  readonly stepsPerWindow: number;
  /** Window w of the sweep is in #buffers[w % #buffers.length]. */
  readonly #buffers: readonly ImageBuffers[];
  readonly #device: Device;
  readonly #corruption: Constants;
  readonly #batch: number;
  readonly #stride: number;
  readonly #clean: ImageSource;
  readonly #noisy: ImageSource | undefined;
  readonly #streamed: boolean;
  /** For each of the buffers, the window that it holds or is being filled with. */
  readonly #loads: { window: number; done: Promise<void> }[] = [];
  /** For each of the buffers, the memory that windows are read into, if they are streamed. */
  readonly #read: Uint8Array<ArrayBuffer>[] = [];
  #destroyed = false;
  #visited: Pick<Visit, "count" | "imageAt">;

  /**
   * Allocates from `buffers` for a sweep through the images in steps of `batch`. `maxBytes` is the maximum size for
   * keeping all of them on the device. Throws an InputError when not even a window fits the adapter's limits.
   */
  constructor(
    device: Device,
    buffers: Buffers,
    label: string,
    images: ImagePair,
    {
      batch,
      maxBytes,
      format,
      corruption,
    }: { batch: number; maxBytes: number; format: SampleFormat; corruption: Constants },
  ) {
    buffers.own(this);
    this.#device = device;
    this.#corruption = corruption;
    this.#batch = batch;
    this.#clean = sourceOf(images.clean);
    this.#noisy = images.noisy && sourceOf(images.noisy);
    this.count = this.#clean.count;
    this.pixels = imageSamples(this.#clean);
    this.#visited = { count: this.count, imageAt: (position) => position };
    this.#stride = (format.bits / 2) * quads(this.pixels);
    const resident = [images.clean, images.noisy ?? images.clean].every(inMemory);
    const sets = this.#noisy ? 2 : 1;
    this.#streamed = !resident || this.count * this.#stride > Math.min(maxBytes / sets, device.largestBuffer);
    const all = Math.ceil(this.count / batch);
    const fitting = Math.floor(Math.min(windowBytes, maxBytes) / (batch * this.#stride));
    this.stepsPerWindow = this.#streamed ? Math.min(all, Math.max(1, fitting)) : all;
    const bytes = this.#stride * (this.#streamed ? this.stepsPerWindow * batch : this.count);
    const windows = this.#streamed && this.stepsPerWindow < all ? 2 : 1;
    this.#buffers = Array.from({ length: windows }, (_, index) => {
      const clean = buffers.storage(`${label}.clean(${index})`, bytes);
      return {
        clean,
        noisy: this.#noisy ? buffers.storage(`${label}.noisy(${index})`, bytes) : clean,
        window: buffers.uniformOf(`${label}.window(${index})`, windowUniform(false, 0)),
      };
    });
  }

  gathers(sweep: SweepBuffers, step: StepBuffers): Promise<Dispatch[]> {
    return Promise.all(
      this.#buffers.map((images) => gatherDispatch(this.#device, this.#corruption, images, sweep, step)),
    );
  }

  rewind(visit: Visit): void {
    if (!this.#streamed) return;
    this.#visited = visit;
    this.#loads.length = 0;
  }

  async upload(): Promise<void> {
    if (!this.#streamed) await this.#load(0);
  }

  ready(window: number): Promise<void> {
    return this.#load(window);
  }

  get bytes(): number {
    return this.#buffers.reduce(
      (sum, { clean, noisy }) => sum + clean.size + (noisy === clean ? 0 : noisy.size),
      0,
    );
  }

  /** Stops filling; the buffers themselves belong to the owner given to the constructor. */
  destroy(): void {
    this.#destroyed = true;
  }

  prefetch(window: number): void {
    const after = window + 1;
    // A failure is reported when the window is awaited.
    if (this.#streamed && after * this.stepsPerWindow * this.#batch < this.#visited.count)
      this.#load(after).catch(() => {});
  }

  #load(window: number): Promise<void> {
    const place = window % this.#buffers.length;
    const held = this.#loads[place];
    if (held?.window === window) return held.done;
    const buffers = this.#buffers[place];
    const done = buffers ? this.#fill(buffers, window, place) : Promise.resolve();
    this.#loads[place] = { window, done };
    return done;
  }

  async #fill({ clean, noisy, window: uniform }: ImageBuffers, window: number, place: number): Promise<void> {
    const first = window * this.stepsPerWindow * this.#batch;
    const { imageAt, count: end } = this.#visited;
    const count = Math.min(this.stepsPerWindow * this.#batch, end - first);
    const images = Uint32Array.from({ length: count }, (_, index) => imageAt(first + index));
    const whole = this.#read[place] ?? new Uint8Array(clean.size);
    if (this.#buffers.length > 1) this.#read[place] = whole;
    const bytes = whole.subarray(0, count * this.#stride);
    await this.#clean.read(images, bytes, this.#stride);
    if (this.#destroyed) return;
    this.#device.write(clean, 0, bytes);
    if (this.#noisy) {
      await this.#noisy.read(images, bytes, this.#stride);
      if (this.#destroyed) return;
      this.#device.write(noisy, 0, bytes);
    }
    this.#device.write(uniform, 0, windowUniform(this.#streamed, first));
  }
}
