import { type BlockSize, valuesOf } from "../spec/layer-specs.ts";
import { outputSize } from "../spec/layers.ts";
import { imageValues, isConvolutional } from "../spec/network.ts";
import { type NetworkLayout, padRows, quads, unpadRows } from "./layout.ts";

/** How a batch's values between two layers are stored on a device. */
export interface ValueBlock {
  /** In `activations`, in quads. */
  readonly offset: number;
  /** The values of one image. */
  readonly values: number;
  /** The quads of one image. */
  readonly quads: number;
  /** Values [images, values] as they are stored. */
  readonly pack: (values: ArrayLike<number>, images: number) => Float32Array<ArrayBuffer>;
  /** The inverse. */
  readonly unpack: (packed: Float32Array, images: number) => Float32Array<ArrayBuffer>;
}

/**
 * The values before the layer with an index: the network's input at 0, its output after the last layer. Both are pictures; between
 * convolutions they are [images, channels, rows, columns].
 */
export function valueBlock(layout: NetworkLayout, index: number): ValueBlock {
  const { network, layers, pictureOffset } = layout;
  const before = layers[index - 1];
  if (!before) return rowBlock(0, imageValues(network));
  if (index === layers.length) return rowBlock(pictureOffset, imageValues(network));
  if (isConvolutional(network)) return channelBlock(layout, index - 1);
  return rowBlock(before.outputOffset, valuesOf(outputSize(before.spec)));
}

/** The output of a convolution as [images, channels, rows, columns]; of the last one, the logits. */
export function channelBlock({ layers }: NetworkLayout, index: number): ValueBlock {
  const layer = layers[index];
  if (!layer) throw new RangeError(`The network has no layer ${index}.`);
  const size = outputSize(layer.spec);
  const block = { values: valuesOf(size), quads: imagePixels(size) * quads(size.channels) };
  return {
    ...block,
    offset: layer.outputOffset,
    pack(values, images) {
      const packed = new Float32Array(4 * images * block.quads);
      forEachValue(size, images, (place, stored) => {
        packed[stored] = values[place] ?? 0;
      });
      return packed;
    },
    unpack(packed, images) {
      const values = new Float32Array(images * block.values);
      forEachValue(size, images, (place, stored) => {
        values[place] = packed[stored] ?? 0;
      });
      return values;
    },
  };
}

function rowBlock(offset: number, values: number): ValueBlock {
  return {
    ...{ offset, values, quads: quads(values) },
    pack: (given, images) => padRows(given, images, values),
    unpack: (packed, images) => unpadRows(packed, images, values),
  };
}

/** Pixels of an image in planes, with those of zeros: see PlaneBlock. */
function imagePixels({ rows, columns }: BlockSize): number {
  return (rows + 1) * (columns + 1);
}

/** Calls `move` with the index of each value in [images, channels, rows, columns] and in planes. */
function forEachValue(size: BlockSize, images: number, move: (place: number, stored: number) => void): void {
  const { rows, columns, channels } = size;
  const stride = 4 * quads(channels);
  let place = 0;
  for (let image = 0; image < images; image++) {
    for (let channel = 0; channel < channels; channel++) {
      for (let row = 0; row < rows; row++) {
        const first = image * imagePixels(size) + row * (columns + 1);
        for (let column = 0; column < columns; column++) {
          move(place++, (first + column) * stride + channel);
        }
      }
    }
  }
}
