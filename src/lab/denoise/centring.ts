import { type PadPoint, type PadSize, radiusOf, rasterise, type Stroke } from "./drawing.ts";

/** The part of an image's side that its digit takes at most: 20 of 28 pixels. */
const boxShare = 20 / 28;

/**
 * The strokes as the digits of MNIST lie in their images (LeCun et al. 1998): no larger than a box of 20 of 28 pixels, and the
 * centre of mass of what they leave in the middle. The strokes get no thinner; small ones stay small, so that nothing jumps
 * while they grow. Strokes that leave nothing stay as they are.
 */
export function centred(strokes: readonly Stroke[], size: PadSize): readonly Stroke[] {
  const middle = { x: size.columns / 2, y: size.rows / 2 };
  const boxed = intoBox(strokes, size, middle);
  const mass = massOf(boxed, size);
  return mass
    ? moved(boxed, ({ x, y }) => ({ x: x + middle.x - mass.x, y: y + middle.y - mass.y }))
    : strokes;
}

/** The strokes in the middle, shrunk where what the pen drew is larger than the box. */
function intoBox(strokes: readonly Stroke[], size: PadSize, middle: PadPoint): readonly Stroke[] {
  const drawn = strokes.filter(({ tool }) => tool === "pen").flatMap(({ points }) => points);
  const [xs, ys] = [drawn.map(({ x }) => x), drawn.map(({ y }) => y)];
  const [left, right, top, bottom] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
  const room = Math.max(1, boxShare * Math.min(size.rows, size.columns) - 2 * radiusOf("pen", size));
  const scale = Math.min(1, room / Math.max(right - left, bottom - top));
  return moved(strokes, ({ x, y }) => ({
    x: middle.x + scale * (x - (left + right) / 2),
    y: middle.y + scale * (y - (top + bottom) / 2),
  }));
}

function moved(strokes: readonly Stroke[], move: (point: PadPoint) => PadPoint): readonly Stroke[] {
  return strokes.map(({ tool, points }) => ({ tool, points: points.map(move) }));
}

/** The centre of mass of what the strokes leave; undefined if that is nothing. */
function massOf(strokes: readonly Stroke[], size: PadSize): PadPoint | undefined {
  const { columns, values } = rasterise(strokes, size);
  let [sum, x, y] = [0, 0, 0];
  values.forEach((value, pixel) => {
    sum += value;
    x += value * ((pixel % columns) + 0.5);
    y += value * (Math.floor(pixel / columns) + 0.5);
  });
  return sum > 0 ? { x: x / sum, y: y / sum } : undefined;
}
