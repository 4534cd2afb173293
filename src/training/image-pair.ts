import type { Images } from "../data/image-source.ts";

/** Clean images, and their measured noisy twins if there are any. */
export interface ImagePair {
  readonly clean: Images;
  readonly noisy?: Images | undefined;
}

/** Bytes of one window of streamed images. */
export const windowBytes = 2 ** 26;
