import type { Picture, RowSink } from "../../data/picture.ts";
import type { Region, RegionSink } from "../../network/centre-out.ts";
import { WorkSlices } from "../../network/work-slices.ts";
import type { RgbaPicture } from "./rgba-picture.ts";

/**
 * The result of a network that learned from blind spots, whose regions arrive in any order. When it is complete, the noisy picture is mixed
 * into it where the network errs.
 */
export class NetworkResult {
  readonly #noisy: RgbaPicture;
  readonly #result: Picture;

  constructor(noisy: RgbaPicture) {
    const { rows, columns, channels } = noisy;
    this.#noisy = noisy;
    this.#result = { rows, columns, channels, values: new Float32Array(rows * columns * channels) };
  }

  /** Keeps the values of a region: [bottom - top, right - left, channels] */
  keep({ top, bottom, left, right }: Region, region: Float32Array): void {
    const { columns, channels, values } = this.#result;
    const width = (right - left) * channels;
    for (let row = top; row < bottom; row++) {
      const from = (row - top) * width;
      values.set(region.subarray(from, from + width), (row * columns + left) * channels);
    }
  }

  /** Passes the mix to the sink, some rows at a time; throws the signal's reason if it is aborted. */
  async blend(sink: RegionSink, signal: AbortSignal): Promise<void> {
    // Loaded when first needed: most networks have not learned from blind spots.
    const { automaticBlend } = await import("../../filters/automatic-blend.ts");
    const { columns, channels } = this.#result;
    const slices = new WorkSlices();
    const toSink: RowSink = (top, values) =>
      sink({ top, bottom: top + values.length / (columns * channels), left: 0, right: columns }, values);
    await automaticBlend(this.#noisy.lines, this.#result, toSink, () => slices.breathe(signal));
  }
}
