/** One channel of a picture, row by row; 0 is black and 1 is white, and noise may be outside this range. */
export interface Plane {
  readonly rows: number;
  readonly columns: number;
  /** [rows, columns] */
  readonly values: Float32Array<ArrayBuffer>;
}
