import type { Images } from "../data/image-source.ts";

/** Clean images, and their measured noisy twins where there are some. */
export interface ImagePair {
  readonly clean: Images;
  readonly noisy?: Images | undefined;
}

/** Bytes of one window of streamed images. */
export const windowBytes = 2 ** 26;
