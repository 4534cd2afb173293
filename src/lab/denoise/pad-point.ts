import type { PadPoint, PadSize } from "./drawing.ts";

/** The point of the pad under a pointer, for the pad's place on the page. */
export function padPoint(
  { clientX, clientY }: Pick<PointerEvent, "clientX" | "clientY">,
  { left, top, width, height }: Pick<DOMRect, "left" | "top" | "width" | "height">,
  { rows, columns }: PadSize,
): PadPoint {
  return { x: ((clientX - left) / width) * columns, y: ((clientY - top) / height) * rows };
}

/** The point a step further, still on the pad. */
export function stepped({ x, y }: PadPoint, dx: number, dy: number, { rows, columns }: PadSize): PadPoint {
  const within = (value: number, end: number) => Math.min(end - 0.5, Math.max(0.5, value));
  return { x: within(x + dx, columns), y: within(y + dy, rows) };
}

/** The largest image, a side, that is drawn as it is; for larger ones the pad has the size of MNIST's digits. */
const largestSide = 64;

/** The pad's size for a run's images, if there are any. */
export function padSizeFor(images: PadSize | undefined): PadSize {
  const fits = images && Math.max(images.rows, images.columns) <= largestSide;
  return fits ? { rows: images.rows, columns: images.columns } : { rows: 28, columns: 28 };
}
