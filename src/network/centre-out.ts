import type { PictureRows, PictureSize } from "../data/picture.ts";
import { isConvolutional, type NetworkSpec } from "../spec/network.ts";
import { strengthOfPicture } from "./noise-strength.ts";
import type { PictureDenoiser } from "./picture-denoiser.ts";

/*
 * Denoising from the middle of a picture outwards, so that the middle of the result is available first. A network of convolutions
 * denoises each tile as a separate picture. Windows overlap by twice the network's reach, and only the core of each result is used. Its
 * pixels do not depend on pixels outside the window, so the result is that of the whole picture, to rounding.
 */

/** A rectangle of pixels: rows `top` up to, not including, `bottom`, and columns `left` up to, not including, `right`. */
export interface Region {
  readonly top: number;
  readonly bottom: number;
  readonly left: number;
  readonly right: number;
}

/** A picture whose rectangles are read on demand. */
export interface RegionPicture extends PictureSize {
  /** [bottom - top, right - left, channels] */
  read(region: Region): Float32Array;
}

/** A part of a picture that is denoised by itself. */
export interface Tile {
  /** The pixels that the network gets. */
  readonly window: Region;
  /** The pixels of the window whose results are used. */
  readonly core: Region;
}

/** Options for denoising a picture from its middle. */
export interface CentreOutTask {
  /** Aborting it stops the work within two submits, and the reason is thrown. */
  readonly signal?: AbortSignal | undefined;
  /** Called with the share of the work that is done, 0 to 1. */
  readonly onShare?: ((share: number) => void) | undefined;
  /** The standard deviation of the noise, for a network with a noise map. Default: an estimate from the whole picture. */
  readonly strength?: number | undefined;
  /** The longest side of a window in pixels. Default: the whole of a small picture, else 384. */
  readonly tile?: number | undefined;
}

/** Takes denoised values [bottom - top, right - left, channels] of a region. */
export type RegionSink = (region: Region, values: Float32Array) => void | Promise<void>;

/** The longest side of a window, in pixels: so few that the first one is done in a fraction of a second. */
const usualTile = 384;

/** A picture of at most this many pixels is denoised at once. */
const smallPicture = 2 ** 18;

/**
 * The tiles of a picture, the one nearest to its centre first. Their cores cover it, each pixel once, and their windows have equal sides,
 * so that one set of buffers serves all. A network of dense layers gets one tile.
 */
export async function tilesFromCentre(
  network: NetworkSpec,
  { rows, columns }: Pick<PictureSize, "rows" | "columns">,
  tile = rows * columns <= smallPicture ? Math.max(rows, columns) : usualTile,
): Promise<Tile[]> {
  if (!isConvolutional(network)) {
    const whole = { top: 0, bottom: rows, left: 0, right: columns };
    return [{ window: whole, core: whole }];
  }
  // Loaded when first needed: most networks have no convolutions.
  const { tilingOf } = await import("./tiles.ts");
  const { network: placed, strides, reach } = tilingOf(network, { rows, columns }, tile);
  const down = spansOf(rows, placed.image[0], strides[0], reach);
  const across = spansOf(columns, placed.image[1], strides[1], reach);
  const tiles = down.flatMap((y) =>
    across.map((x) => ({
      window: { top: y.first, bottom: y.end, left: x.first, right: x.end },
      core: { top: y.coreFirst, bottom: y.coreEnd, left: x.coreFirst, right: x.coreEnd },
    })),
  );
  const distance = ({ core: { top, bottom, left, right } }: Tile) =>
    (top + bottom - rows) ** 2 + (left + right - columns) ** 2;
  return tiles.sort((one, other) => distance(one) - distance(other));
}

/** Windows along an axis, and their cores. */
function spansOf(length: number, side: number, stride: number, reach: number) {
  const count = side >= length ? 1 : Math.ceil((length - side) / stride) + 1;
  return Array.from({ length: count }, (_, index) => ({
    first: index * stride,
    end: Math.min(length, index * stride + side),
    coreFirst: index === 0 ? 0 : index * stride + reach,
    coreEnd: index === count - 1 ? length : (index + 1) * stride + reach,
  }));
}

/**
 * Denoises a picture tile by tile, from its centre outwards, and passes finished pixels to `sink`, not clipped. The strength of the
 * noise is estimated once, for the whole picture, and returned: 0 for a network without a noise map. Throws what
 * PictureDenoiser.denoise throws.
 */
export async function denoiseFromCentre(
  denoiser: Pick<PictureDenoiser, "denoise">,
  network: NetworkSpec,
  picture: RegionPicture,
  sink: RegionSink,
  { signal, onShare, strength: given, tile }: CentreOutTask = {},
): Promise<number> {
  signal?.throwIfAborted();
  const { rows, columns, channels } = picture;
  const whole = rowsIn(picture, { top: 0, bottom: rows, left: 0, right: columns });
  const strength = await strengthOfPicture(network, whole, given);
  const tiles = await tilesFromCentre(network, picture, tile);
  for (const [done, { window, core }] of tiles.entries()) {
    await denoiser.denoise(
      rowsIn(picture, window),
      (first, values) => {
        const region = rowsOfCore(
          core,
          window,
          first,
          values.length / (window.right - window.left) / channels,
        );
        if (region.bottom <= region.top) return;
        return sink(region, cut(values, { ...window, top: window.top + first }, region, channels));
      },
      {
        signal,
        onProgress: (part, parts) => onShare?.((done + part / parts) / tiles.length),
        strength: network.noiseMap ? strength : undefined,
      },
    );
  }
  return strength;
}

/** A region of a picture as a picture whose rows are read. */
function rowsIn(picture: RegionPicture, { top, bottom, left, right }: Region): PictureRows {
  return {
    rows: bottom - top,
    columns: right - left,
    channels: picture.channels,
    read: (first, end) => picture.read({ top: top + first, bottom: top + end, left, right }),
  };
}

/** The part of a core within `count` rows of its window, from the window's row `first` on. */
function rowsOfCore(core: Region, { top }: Region, first: number, count: number): Region {
  return {
    ...core,
    top: Math.max(core.top, top + first),
    bottom: Math.min(core.bottom, top + first + count),
  };
}

/** The values of `part` from those of `from`, which contains it. */
function cut(values: Float32Array, from: Region, part: Region, channels: number): Float32Array {
  const width = (from.right - from.left) * channels;
  const partWidth = (part.right - part.left) * channels;
  const found = new Float32Array((part.bottom - part.top) * partWidth);
  for (let row = part.top; row < part.bottom; row++) {
    const start = (row - from.top) * width + (part.left - from.left) * channels;
    found.set(values.subarray(start, start + partWidth), (row - part.top) * partWidth);
  }
  return found;
}
