import { type ImageSet, selectImages } from "./image-set.ts";

/** Grey images of one size that are read when they are needed, so that there may be more of them than memory holds. */
export interface ImageSource {
  /** What to call the images in messages: their file's name. */
  readonly name: string;
  readonly count: number;
  readonly rows: number;
  readonly columns: number;
  /** [count] */
  readonly labels?: Uint8Array<ArrayBuffer>;
  /** Reads images, by their numbers, one behind the other into `bytes`, `stride` bytes apart. */
  read(images: Uint32Array, bytes: Uint8Array, stride: number): Promise<void>;
}

/** Images, in memory or not. */
export type Images = ImageSet | ImageSource;

/** Whether the images are in memory. */
export function inMemory(images: Images): images is ImageSet {
  return "pixels" in images;
}

/** The images as a source, wherever they are. */
export function sourceOf(images: Images): ImageSource {
  if (!inMemory(images)) return images;
  const { name, count, rows, columns, pixels } = images;
  const size = rows * columns;
  return {
    name,
    count,
    rows,
    columns,
    read: async (chosen, bytes, stride) => {
      chosen.forEach((image, place) => {
        bytes.set(pixels.subarray(image * size, (image + 1) * size), place * stride);
      });
    },
  };
}

/** The images at `indices`, in that order: copied if they are in memory, else still to be read. */
export function selectFrom(images: Images, indices: Uint32Array, name: string): Images {
  if (inMemory(images)) return selectImages(images, indices, name);
  const { rows, columns, labels } = images;
  return {
    name,
    count: indices.length,
    rows,
    columns,
    ...(labels && { labels: Uint8Array.from(indices, (image) => labels[image] ?? 0) }),
    read: (chosen, bytes, stride) =>
      images.read(
        chosen.map((image) => indices[image] ?? 0),
        bytes,
        stride,
      ),
  };
}
