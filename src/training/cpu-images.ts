import { type ImageSource, inMemory, sourceOf } from "../data/image-source.ts";
import type { PairedBytes } from "../reference/corrupt-batch.ts";
import { type ImagePair, windowBytes } from "./image-pair.ts";

/** Images that are visited one after the other, and where their bytes are. */
export interface Visited {
  /** Their numbers. */
  readonly chosen: Uint32Array;
  readonly bytes: PairedBytes;
}

/** Images that lie one behind the other in the order in which they are visited. */
interface Window {
  readonly number: number;
  readonly bytes: Promise<GatheredBytes>;
}

interface GatheredBytes {
  readonly clean: Uint8Array;
  readonly noisy: Uint8Array | undefined;
}

/**
 * A sweep's images for the CPU. Those in memory are taken from there by number; others are read in visiting order, a window
 * at a time, the next one while this one is worked on.
 */
export class CpuImages {
  readonly count: number;
  readonly #size: number;
  readonly #clean: ImageSource;
  readonly #noisy: ImageSource | undefined;
  /** All of them, if they are in memory. */
  readonly #resident: PairedBytes | undefined;
  readonly #imagesPerWindow: number;
  #imageAt: (position: number) => number = (position) => position;
  /** The window in use and the next. */
  #windows: readonly Window[] = [];

  constructor({ clean, noisy }: ImagePair, batch: number) {
    this.#clean = sourceOf(clean);
    this.#noisy = noisy && sourceOf(noisy);
    this.count = clean.count;
    this.#size = clean.rows * clean.columns;
    if (inMemory(clean) && (!noisy || inMemory(noisy))) {
      this.#resident = { clean: clean.pixels, noisy: noisy?.pixels };
    }
    this.#imagesPerWindow = batch * Math.max(1, Math.floor(windowBytes / (batch * this.#size)));
  }

  /** Starts a sweep, which visits image `imageAt(position)` at each position. */
  rewind(imageAt: (position: number) => number): void {
    this.#imageAt = imageAt;
    this.#windows = [];
  }

  /** The images at positions `first` up to, not including, `end`, which belong to one step. */
  async visited(first: number, end: number): Promise<Visited> {
    const chosen = this.#imagesAt(first, end);
    if (this.#resident) return { chosen, bytes: this.#resident };
    const number = Math.floor(first / this.#imagesPerWindow);
    const start = (first - number * this.#imagesPerWindow) * this.#size;
    const { clean, noisy } = await this.#window(number);
    const part = (bytes: Uint8Array) => bytes.subarray(start, start + chosen.length * this.#size);
    return { chosen, bytes: { clean: part(clean), noisy: noisy && part(noisy), gathered: true } };
  }

  /** Any images, by their numbers. */
  async chosen(images: Uint32Array): Promise<Visited> {
    return { chosen: images, bytes: { ...(await this.#read(images)), gathered: true } };
  }

  #imagesAt(first: number, end: number): Uint32Array {
    return Uint32Array.from({ length: end - first }, (_, index) => this.#imageAt(first + index));
  }

  #window(number: number): Promise<GatheredBytes> {
    const [held] = this.#windows;
    if (held?.number === number) return held.bytes;
    const ahead = this.#windows.find((window) => window.number === number);
    const window = ahead ?? { number, bytes: this.#readWindow(number) };
    this.#windows = [window];
    if ((number + 1) * this.#imagesPerWindow < this.count) {
      const bytes = this.#readWindow(number + 1);
      // A failure shows when the window is waited for.
      bytes.catch(() => {});
      this.#windows = [window, { number: number + 1, bytes }];
    }
    return window.bytes;
  }

  #readWindow(number: number): Promise<GatheredBytes> {
    const first = number * this.#imagesPerWindow;
    return this.#read(this.#imagesAt(first, Math.min(first + this.#imagesPerWindow, this.count)));
  }

  async #read(images: Uint32Array): Promise<GatheredBytes> {
    const [clean, noisy] = await Promise.all(
      [this.#clean, this.#noisy].map(async (source) => {
        if (!source) return undefined;
        const bytes = new Uint8Array(images.length * this.#size);
        await source.read(images, bytes, this.#size);
        return bytes;
      }),
    );
    return { clean: clean ?? new Uint8Array(), noisy };
  }
}
