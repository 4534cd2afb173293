import { type ImageSet, imageBytes, selectImages } from "./image-set.ts";
import { bytesOf, type SampleFormat } from "./samples.ts";

/** Images of one size that are read on demand, so that they need not fit into memory. */
export interface ImageSource {
  /** The name of the images in messages: their file's name. */
  readonly name: string;
  readonly count: number;
  readonly rows: number;
  readonly columns: number;
  /** Values per pixel. Default: 1, grey. */
  readonly channels?: number | undefined;
  /** What the samples mean. Default: bytes, a value is byte / 255. */
  readonly format?: SampleFormat | undefined;
  /** [count] */
  readonly labels?: Uint8Array<ArrayBuffer>;
  /** Reads images by number into `bytes`, `stride` bytes apart. */
  read(images: Uint32Array, bytes: Uint8Array, stride: number): Promise<void>;
}

/** Images, in memory or not. */
export type Images = ImageSet | ImageSource;

/** Whether the images are in memory. */
export function inMemory(images: Images): images is ImageSet {
  return "pixels" in images;
}

/** The images as a source, in memory or not. */
export function sourceOf(images: Images): ImageSource {
  if (!inMemory(images)) return images;
  const { name, count, rows, columns, channels, format } = images;
  const pixels = bytesOf(images.pixels);
  const size = imageBytes(images);
  return {
    ...{ name, count, rows, columns, channels, format },
    read: async (chosen, bytes, stride) => {
      chosen.forEach((image, place) => {
        bytes.set(pixels.subarray(image * size, (image + 1) * size), place * stride);
      });
    },
  };
}

/** The images at `indices`, in that order: copied if they are in memory, otherwise read on demand. */
export function selectFrom(images: Images, indices: Uint32Array, name: string): Images {
  if (inMemory(images)) return selectImages(images, indices, name);
  const { rows, columns, channels, format, labels } = images;
  return {
    name,
    count: indices.length,
    ...{ rows, columns, channels, format },
    ...(labels && { labels: Uint8Array.from(indices, (image) => labels[image] ?? 0) }),
    read: (chosen, bytes, stride) =>
      images.read(
        chosen.map((image) => indices[image] ?? 0),
        bytes,
        stride,
      ),
  };
}
