/** A picture's height, width and channels: 1 for grey, 3 for red, green and blue. */
export interface PictureSize {
  /** Pixels down. */
  readonly rows: number;
  /** Pixels across. */
  readonly columns: number;
  /** Values per pixel. */
  readonly channels: number;
}

/** A picture in memory; 0 is black and 1 is white, and noise may be outside this range. */
export interface Picture extends PictureSize {
  /** [rows, columns, channels] */
  readonly values: Float32Array<ArrayBuffer>;
}

/** A picture whose rows are read on demand. */
export interface PictureRows extends PictureSize {
  /** Rows `first` up to, not including, `end`: [end - first, columns, channels]. */
  read(first: number, end: number): Float32Array | Promise<Float32Array>;
}

/** Takes finished rows [count, columns, channels], from top to bottom; `first` is the number of the first one. */
export type RowSink = (first: number, values: Float32Array) => void | Promise<void>;

/** The rows of a picture in memory. */
export function rowsOf({ rows, columns, channels, values }: Picture): PictureRows {
  const width = columns * channels;
  return { rows, columns, channels, read: (first, end) => values.subarray(first * width, end * width) };
}
