import { WorkSlices } from "../../network/work-slices.ts";
import { pngOf } from "../shared/files.ts";

/** The size of the example in pixels. */
const [columns, rows] = [480, 320];

/** Milliseconds of drawing, after which the page can handle other events. */
const slice = 10;

/** A landscape: sky, sun, hills with a pattern, and a fence. It is made by code, because the page comes with no photographs. */
export async function examplePicture(): Promise<File> {
  const rgba = new Uint8ClampedArray(4 * rows * columns);
  const slices = new WorkSlices(slice);
  for (let row = 0; row < rows; row++) {
    await slices.breathe();
    for (let column = 0; column < columns; column++) {
      const at = 4 * (row * columns + column);
      const [red, green, blue] = colourAt(row, column);
      rgba[at] = 255 * red;
      rgba[at + 1] = 255 * green;
      rgba[at + 2] = 255 * blue;
      rgba[at + 3] = 255;
    }
  }
  return new File([await pngOf({ rows, columns, rgba })], "example.png", { type: "image/png" });
}

type Colour = readonly [red: number, green: number, blue: number];

function colourAt(row: number, column: number): Colour {
  const [x, y] = [column / columns, row / rows];
  const sun = Math.hypot(column - 350, row - 80) < 34;
  const far = 0.52 + 0.09 * Math.sin(5.5 * x) + 0.03 * Math.sin(17 * x + 1);
  const near = 0.7 + 0.07 * Math.sin(4 * x + 2.4);
  const post = column % 40 < 6 && y > 0.8 && y < 0.95;
  const rail = y > 0.84 && y < 0.862;
  if (post || rail) return [0.36, 0.25, 0.16];
  if (y > near) {
    const furrow = 0.06 * Math.sin(column / 5 + 60 * (y - near));
    return [0.42 + furrow, 0.55 + furrow, 0.22];
  }
  if (y > far) return [0.32, 0.45 - 0.2 * (y - far), 0.42];
  if (sun) return [1, 0.89, 0.55];
  return [0.55 + 0.4 * y, 0.72 + 0.2 * y, 0.95 - 0.1 * y];
}
