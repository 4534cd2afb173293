import type { Picture, PictureRows } from "../data/picture.ts";
import type { EnginePictureDenoiser } from "../engine/engine.ts";

/** The number of rotations and flips of a square. */
const ways = 8;

/**
 * A denoiser whose result is the mean over the eight rotations and flips of a picture (Timofte et al. 2016, "Seven ways to improve
 * example-based single image super resolution"): it is more accurate and takes eight times the work. Pictures are held in memory.
 */
export function eightfold(denoiser: EnginePictureDenoiser): EnginePictureDenoiser {
  const denoisePicture: EnginePictureDenoiser["denoisePicture"] = async (picture, task = {}) => {
    const sums = new Float32Array(picture.values.length);
    for (let way = 0; way < ways; way++) {
      const onProgress = (done: number, total: number) => task.onProgress?.(way * total + done, ways * total);
      const { values } = await denoiser.denoisePicture(way === 0 ? picture : turned(picture, way), {
        ...task,
        onProgress,
      });
      forEachTurned(picture, way, (there, here) => {
        sums[here] = (sums[here] ?? 0) + (values[there] ?? Number.NaN) / ways;
      });
    }
    return { ...picture, values: sums };
  };
  const whole = async (source: PictureRows): Promise<Picture> => {
    const { rows, columns, channels } = source;
    return { rows, columns, channels, values: Float32Array.from(await source.read(0, rows)) };
  };
  return {
    denoisePicture,
    async denoise(source, sink, task) {
      const { values } = await denoisePicture(await whole(source), task);
      await sink(0, values);
      return { strength: undefined };
    },
    async denoiseInPlace(open, task) {
      const picture = await open();
      const { values } = await denoisePicture(await whole(picture), task);
      await picture.write(0, values);
      return { picture, strength: undefined };
    },
    destroy: () => denoiser.destroy(),
  };
}

/** A picture rotated and flipped in one of the eight ways; way 0 is the picture itself. */
function turned(picture: Picture, way: number): Picture {
  const { rows, columns, channels } = picture;
  const values = new Float32Array(picture.values.length);
  forEachTurned(picture, way, (there, here) => {
    values[there] = picture.values[here] ?? Number.NaN;
  });
  return way < 4 ? { rows, columns, channels, values } : { rows: columns, columns: rows, channels, values };
}

/** Calls `visit` with the index of every value in the rotated picture and in the picture. */
function forEachTurned(
  { rows, columns, channels }: Picture,
  way: number,
  visit: (there: number, here: number) => void,
): void {
  const [turnedRows, turnedColumns] = way < 4 ? [rows, columns] : [columns, rows];
  let there = 0;
  for (let row = 0; row < turnedRows; row++) {
    for (let column = 0; column < turnedColumns; column++) {
      const [y, x] = way < 4 ? [row, column] : [column, row];
      const flippedY = (way & 1) === 0 ? y : rows - 1 - y;
      const flippedX = (way & 2) === 0 ? x : columns - 1 - x;
      const here = (flippedY * columns + flippedX) * channels;
      for (let channel = 0; channel < channels; channel++, there++) visit(there, here + channel);
    }
  }
}
