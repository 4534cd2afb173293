import type { Plane } from "../data/plane.ts";

/** A plane in float64 with a mirrored margin on every side. */
export interface MirroredPlane {
  /** Columns including both margins: the row stride. */
  readonly stride: number;
  /** [rows + 2 * margin, columns + 2 * margin] */
  readonly values: Float64Array<ArrayBuffer>;
}

/**
 * The position of `index` in a line of `length` values that is mirrored at both ends, with the end values repeated: b
 * a | a b c | c b. SciPy calls this mode "reflect", NumPy and PyWavelets "symmetric".
 */
export function mirror(index: number, length: number): number {
  const period = 2 * length;
  const inPeriod = ((index % period) + period) % period;
  return inPeriod < length ? inPeriod : period - 1 - inPeriod;
}

/** The plane with `margin` mirrored rows and columns around it, so that a window never leaves it. */
export function mirrored(plane: Plane, margin: number): MirroredPlane {
  const stride = plane.columns + 2 * margin;
  const values = new Float64Array((plane.rows + 2 * margin) * stride);
  for (let row = 0, to = 0; row < plane.rows + 2 * margin; row++) {
    const from = mirror(row - margin, plane.rows) * plane.columns;
    for (let column = 0; column < stride; column++, to++) {
      values[to] = plane.values[from + mirror(column - margin, plane.columns)] ?? 0;
    }
  }
  return { stride, values };
}
