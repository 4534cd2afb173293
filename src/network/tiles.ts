import { layOut } from "../math/layout.ts";
import type { WindowGrid } from "../math/window-grid.ts";
import type { WindowWeights } from "../math/window-weights.ts";
import type { LayerKind, LayerSpec } from "../spec/layer-specs.ts";
import { hiddenOf, multiplyAdds, type NetworkSpec, networkOn, optionsOf } from "../spec/network.ts";

/*
 * Convolutions on a picture of any size. A pixel of the result depends on the pixels within the network's reach, so a picture can be
 * denoised in tiles that overlap by twice the reach: the pixels of a tile that are at least the reach away from its edges, or from
 * those of its edges that are not the picture's, are the same as for the whole picture at once.
 */

/** The reach of each kind of layer in pixels of its input, and the factor from the sides of its input to those of its output. */
const kinds: {
  readonly [K in LayerKind]: (layer: LayerSpec<K>) => { readonly reach: number; readonly scale: number };
} = {
  dense: () => ({ reach: Number.POSITIVE_INFINITY, scale: 1 }),
  conv: ({ stride }) => ({ reach: 1, scale: 1 / stride }),
  up: () => ({ reach: 1, scale: 2 }),
};

function reachOf<K extends LayerKind>(layer: LayerSpec<K>) {
  return kinds[layer.kind](layer);
}

/** The number that must divide the sides of a picture, and the reach of an output pixel in pixels, a multiple of that number. */
export function reachOfNetwork({ layers, block }: Pick<NetworkSpec, "layers" | "block">): {
  readonly multiple: number;
  readonly reach: number;
} {
  let [pixel, multiple, reach] = [block, block, 0];
  for (const layer of layers) {
    const own = reachOf(layer);
    reach += pixel * own.reach;
    pixel /= own.scale;
    multiple = Math.max(multiple, pixel);
  }
  return { multiple, reach: multiple * Math.ceil(reach / multiple) };
}

/** Multiply-adds of a tile: less than half a second on the CPU, short enough for a GPU's watchdog and for Ctrl-C. */
const mostMultiplyAdds = 2 ** 33;

/** Values of all layers' outputs of a tile: 256 MiB. */
const mostValues = 2 ** 26;

/** The side of the tile whose values and multiply-adds are counted. */
const countedSide = 64;

/** How much longer than the limit a tile's side may be. */
const longer = 1.25;

/** Numbers of tiles that are tried along a side. */
const tileCounts = 64;

/** A picture for a network of convolutions, and the tiles in which it is denoised. */
export interface Tiling {
  /** The sides of the picture, made larger until the network's strides divide them. */
  readonly rows: number;
  readonly columns: number;
  /** The network on a tile. */
  readonly network: NetworkSpec;
  /** Pixels at a tile's edges that depend on pixels outside it. */
  readonly reach: number;
  /** Pixels from one tile to the next, in each direction. */
  readonly strides: readonly [number, number];
}

/** The tiles of a picture of rows x columns pixels, with sides of about `most` pixels at most: see largestSide. */
export function tilingOf(
  network: NetworkSpec,
  picture: { readonly rows: number; readonly columns: number },
  most: number,
): Tiling {
  const { multiple, reach } = reachOfNetwork(network);
  const whole = (side: number) => multiple * Math.ceil(side / multiple);
  const [rows, columns] = [whole(picture.rows), whole(picture.columns)];
  const limit = Math.max(whole(most), 4 * reach + 2 * multiple);
  const axis = (length: number) => {
    const least = Math.max(1, Math.ceil((length - 2 * reach) / (limit - 2 * reach)));
    if (least === 1) return { side: length, stride: length };
    // The last tile must end at the picture's edge. Moving it there would make it overlap the edges of other tiles. Instead, the remainder
    // of the strides is added to the side of all tiles.
    const choices = Array.from({ length: tileCounts }, (_, more) => {
      const count = least + more;
      const stride = multiple * Math.floor((length - 2 * reach) / count / multiple);
      return { count, side: length - (count - 1) * stride, stride };
    });
    // Tiles that overlap only their neighbours, and of these the ones with the fewest pixels together.
    const allowed = choices.filter(({ stride }) => stride >= Math.max(reach, multiple));
    const fitting = allowed.filter(({ side }) => side <= longer * limit);
    return (fitting.length > 0 ? fitting : allowed).reduce((best, one) =>
      one.count * one.side < best.count * best.side ? one : best,
    );
  };
  const [down, across] = [axis(rows), axis(columns)];
  return {
    ...{ rows, columns, reach },
    network: onImages(network, [down.side, across.side]),
    strides: [down.stride, across.stride],
  };
}

/** The same convolutions on images of another size. */
export function onImages(network: NetworkSpec, image: readonly [number, number]): NetworkSpec {
  return networkOn(image, hiddenOf(network), optionsOf(network));
}

/** The longest side of a square tile within the limits, for a device whose buffers may have so many bytes. */
export function largestSide(network: NetworkSpec, largestBuffer: number): number {
  const { multiple } = reachOfNetwork(network);
  const side = Math.max(multiple, multiple * Math.floor(countedSide / multiple));
  const sample = onImages(network, [side, side]);
  const values = 4 * layOut(sample, 1).activationQuads;
  const most = Math.min(mostValues, largestBuffer / 4 / longer ** 2);
  const pixels = side ** 2 * Math.min(mostMultiplyAdds / multiplyAdds(sample), most / values);
  return Math.max(multiple, multiple * Math.floor(Math.sqrt(pixels) / multiple));
}

/** The weight of what depends on pixels outside a tile: too small to change the float32 value of any pixel that does not. */
const hardly = 2 ** -40;

/**
 * The weights of a tile's pixels where tiles overlap: 1, and hardly anything within the reach of its edges. Only pixels at the
 * picture's edges have nothing better, and there the tile's edge is the picture's.
 */
export function tileWeights({ down, across }: WindowGrid, reach: number, channels: number): WindowWeights {
  const weights = (length: number, edge: number) =>
    Float32Array.from({ length }, (_, place) => (Math.min(place, length - 1 - place) < edge ? hardly : 1));
  return { rows: weights(down.window, reach), columns: weights(across.window, reach * channels) };
}
