import { cpuMath } from "../cpu/dense.ts";
import { type Picture, type PictureRows, type RowSink, rowsOf } from "../data/picture.ts";
import { type Band, bandsOf, type WindowGrid, windowGrid, windowsOf } from "../math/window-grid.ts";
import { gridWeights, WeightedMeans, type Weighting } from "../math/window-weights.ts";
import { blendWindows } from "../reference/blend-windows.ts";
import { cutWindows } from "../reference/cut-windows.ts";
import { forwardPass } from "../reference/forward-pass.ts";
import { type ReferenceLayer, referenceLayers } from "../reference/layers.ts";
import { checkInteger } from "../spec/checks.ts";
import type { Model, NetworkSpec } from "../spec/network.ts";
import { checkFitsCpu, portionRows } from "./cpu-portions.ts";
import { fitted, usualStride } from "./fitted-picture.ts";
import type { PictureDenoiserOptions, PictureTask } from "./picture-denoiser.ts";
import { WorkSlices } from "./work-slices.ts";

/** Bytes of picture rows, as float64, that are worked on at a time. */
const usualBandBytes = 2 ** 24;

/** How a network is laid over a picture. */
export type CpuPictureDenoiserOptions = Pick<PictureDenoiserOptions, "stride" | "weighting" | "bandBytes">;

/** A trained network at work on pictures of any size on the CPU, in float64: what PictureDenoiser is on the GPU. */
export class CpuPictureDenoiser {
  readonly #network: NetworkSpec;
  readonly #layers: readonly ReferenceLayer[];
  readonly #stride: number;
  readonly #weighting: Weighting;
  readonly #bandBytes: number;

  private constructor(
    network: NetworkSpec,
    layers: readonly ReferenceLayer[],
    options: CpuPictureDenoiserOptions,
  ) {
    this.#network = network;
    this.#layers = layers;
    this.#stride = options.stride ?? usualStride(network);
    this.#weighting = options.weighting ?? "gaussian";
    this.#bandBytes = options.bandBytes ?? usualBandBytes;
  }

  /** Throws an InputError when the model is too large. */
  static async create(
    { network, layers }: Model,
    options: CpuPictureDenoiserOptions = {},
  ): Promise<CpuPictureDenoiser> {
    checkFitsCpu(network);
    const { stride = usualStride(network) } = options;
    checkInteger(
      `The stride of windows of ${network.image.join(" x ")} pixels`,
      stride,
      1,
      Math.min(...network.image),
    );
    return new CpuPictureDenoiser(network, referenceLayers(network, layers), options);
  }

  /**
   * Denoises a picture with values in [0, 1], of 1 or 3 channels, as PictureDenoiser does: the result goes to `sink`, rows that
   * went there are never read again, and `onProgress` is called for every portion. Throws an InputError when the picture cannot
   * be used, and whatever `source`, `sink` and `onProgress` throw.
   */
  async denoise(source: PictureRows, sink: RowSink, { signal, onProgress }: PictureTask = {}): Promise<void> {
    signal?.throwIfAborted();
    const [rows, columns] = this.#network.image;
    const fit = fitted(source, sink, this.#network);
    const grid = windowGrid(fit.source, { rows, columns, channels: this.#network.channels }, this.#stride);
    const weights = gridWeights(this.#weighting, grid, this.#network.channels);
    const means = new WeightedMeans(grid, weights);
    const width = grid.across.length * grid.planes;
    const portion = portionRows(this.#network);
    const slices = new WorkSlices();
    const total = windowsOf(grid);
    let done = 0;
    let carried = new Float64Array();
    for (const band of bandsOf(grid, Math.floor(this.#bandBytes / (8 * width)))) {
      const picture = await fit.source.read(band.top, band.bottom);
      const bandGrid = gridOf(grid, band);
      const end = windowsOf(bandGrid);
      const sums = new Float64Array((band.bottom - band.top) * width);
      sums.set(carried);
      for (let first = 0; first < end; first += portion) {
        const last = Math.min(first + portion, end);
        const windows = forwardPass(this.#layers, cutWindows(picture, bandGrid, first, last), {
          math: cpuMath,
        });
        blendWindows(sums, windows, bandGrid, first, weights);
        done += last - first;
        onProgress?.(done, total);
        await slices.breathe();
        signal?.throwIfAborted();
      }
      const finished = (band.finished - band.top) * width;
      carried = sums.slice(finished);
      await fit.sink(band.top, Float32Array.from(means.divide(sums.subarray(0, finished), band.top)));
    }
  }

  /** Denoises a picture in memory. */
  async denoisePicture(picture: Picture, task?: PictureTask): Promise<Picture> {
    const values = new Float32Array(picture.values.length);
    const width = picture.columns * picture.channels;
    await this.denoise(rowsOf(picture), (first, rows) => values.set(rows, first * width), task);
    return { ...picture, values };
  }

  /** There is nothing to free. */
  destroy(): void {}
}

/** The windows of a band, over the rows that the band covers. */
function gridOf(grid: WindowGrid, { first, end, top, bottom }: Band): WindowGrid {
  return { ...grid, down: { ...grid.down, length: bottom - top, count: end - first } };
}
