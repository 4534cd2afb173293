import type { PictureRows, RowSink } from "../data/picture.ts";
import { mirror } from "../filters/mirror.ts";
import { InputError } from "../spec/input-error.ts";
import type { NetworkSpec } from "../spec/network.ts";

/** A picture adapted to a network, and the inverse conversion of the result. */
export interface FittedPicture {
  readonly source: PictureRows;
  readonly sink: RowSink;
}

/** Throws an InputError for a picture that is neither grey nor RGB, or has no pixels. */
export function checkPicture({ rows, columns, channels }: PictureRows): void {
  if (channels !== 1 && channels !== 3) {
    throw new InputError(`A picture has 1 channel (grey) or 3 (RGB), but this one has ${channels}.`);
  }
  if (rows < 1 || columns < 1) throw new InputError("The picture has no pixels.");
}

/**
 * Adapts a picture to a network. A picture smaller than the network's images is mirrored up to their size and cropped
 * afterwards. For a colour network, a grey picture becomes three equal channels, and the output channels are
 * averaged.
 */
export function fitted(
  source: PictureRows,
  sink: RowSink,
  { image, channels }: Pick<NetworkSpec, "image" | "channels">,
): FittedPicture {
  const coloured = channels > source.channels ? inColour({ source, sink }) : { source, sink };
  const small = source.rows < image[0] || source.columns < image[1];
  return small ? enlarged(coloured, image) : coloured;
}

/** A grey picture as three equal channels. */
function inColour({ source, sink }: FittedPicture): FittedPicture {
  return {
    source: {
      ...source,
      channels: 3,
      read: async (first, end) => {
        const grey = await source.read(first, end);
        const colour = new Float32Array(3 * grey.length);
        grey.forEach((value, index) => {
          colour.fill(value, 3 * index, 3 * index + 3);
        });
        return colour;
      },
    },
    sink: (first, colour) => {
      const grey = new Float32Array(colour.length / 3);
      grey.forEach((_, index) => {
        const [r = 0, g = 0, b = 0] = colour.subarray(3 * index, 3 * index + 3);
        grey[index] = (r + g + b) / 3;
      });
      return sink(first, grey);
    },
  };
}

/** A picture mirrored below and to the right until it has at least rows x columns pixels. */
function enlarged(
  { source, sink }: FittedPicture,
  [rows, columns]: readonly [number, number],
): FittedPicture {
  const { channels } = source;
  const size = { rows: Math.max(rows, source.rows), columns: Math.max(columns, source.columns), channels };
  return {
    source: {
      ...size,
      read: async (first, end) => {
        // Only the rows that are shown, some of them in the mirror.
        const shown = Array.from({ length: end - first }, (_, row) => mirror(first + row, source.rows));
        const top = Math.min(...shown);
        const found = await source.read(top, Math.max(...shown) + 1);
        const values = new Float32Array((end - first) * size.columns * channels);
        for (let row = 0, to = 0; row < end - first; row++) {
          const line = ((shown[row] ?? 0) - top) * source.columns;
          for (let column = 0; column < size.columns; column++) {
            const from = (line + mirror(column, source.columns)) * channels;
            for (let channel = 0; channel < channels; channel++) values[to++] = found[from + channel] ?? 0;
          }
        }
        return values;
      },
    },
    sink: (first, values) => {
      const count = Math.min(values.length / (size.columns * channels), source.rows - first);
      if (count <= 0) return;
      const width = source.columns * channels;
      const cropped = new Float32Array(count * width);
      for (let row = 0; row < count; row++) {
        const from = row * size.columns * channels;
        cropped.set(values.subarray(from, from + width), row * width);
      }
      return sink(first, cropped);
    },
  };
}

/** The default stride of windows: a quarter of the window's shorter side. */
export function usualStride({ image }: Pick<NetworkSpec, "image">): number {
  return Math.max(1, Math.round(Math.min(...image) / 4));
}
