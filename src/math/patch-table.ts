/** A picture's size in pixels. */
export interface PictureSize {
  readonly rows: number;
  readonly columns: number;
}

/** The table of contiguous pictures that patches are drawn from. */
export interface PatchTable {
  /** [pictures, 4]: `struct Picture` in shaders/place_patches.wgsl. */
  readonly pictures: Uint32Array<ArrayBuffer>;
  /** Possible positions of a patch, in all pictures. */
  readonly places: number;
  /** Values of all pictures. */
  readonly values: number;
}

/** The table of pictures that a patch of side x side pixels fits into. */
export function patchTable(sizes: readonly PictureSize[], side: number, channels: number): PatchTable {
  const pictures = new Uint32Array(4 * sizes.length);
  let places = 0;
  let values = 0;
  sizes.forEach(({ rows, columns }, index) => {
    pictures.set([places, values, rows, columns], 4 * index);
    places += (rows - side + 1) * (columns - side + 1);
    values += rows * columns * channels;
  });
  return { pictures, places, values };
}

/** Which patches an epoch draws. */
export interface PatchDraw {
  readonly count: number;
  readonly side: number;
  readonly channels: number;
  readonly flips: boolean;
  readonly seed: number;
  readonly drawStream: number;
  readonly epoch: number;
}
