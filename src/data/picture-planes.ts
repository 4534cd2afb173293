import type { Picture } from "./picture.ts";
import type { Plane } from "./plane.ts";

/** A picture's channels as planes, in order. */
export function planesOf({ rows, columns, channels, values }: Picture): Plane[] {
  return Array.from({ length: channels }, (_, channel) => ({
    rows,
    columns,
    values: Float32Array.from(
      { length: rows * columns },
      (_, pixel) => values[pixel * channels + channel] ?? Number.NaN,
    ),
  }));
}

/** The picture whose channels are these planes, at least one, all of the same size. */
export function pictureOf(planes: readonly Plane[]): Picture {
  const channels = planes.length;
  const [first] = planes;
  if (!first) throw new RangeError("A picture has at least one channel.");
  const { rows, columns } = first;
  const values = new Float32Array(rows * columns * channels);
  planes.forEach((plane, channel) => {
    plane.values.forEach((value, pixel) => {
      values[pixel * channels + channel] = value;
    });
  });
  return { rows, columns, channels, values };
}
