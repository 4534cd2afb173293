import { expect, test } from "vitest";
import { sideBySide } from "../../../src/lab/draw/drawing.ts";

test("images are drawn side by side on white, with 10 x 10 pixels for each pixel", () => {
  const [rows, columns] = [2, 3];
  const planes = [
    [0, 0.2, 0.4, 0.6, 0.8, 1],
    [1, 1, 0, 0, -0.5, 1.5],
  ].map((values) => ({ rows, columns, values: Float32Array.from(values) }));
  const picture = sideBySide(planes);
  expect([picture.rows, picture.columns]).toEqual([20, 70]);
  const bytes = [
    [0, 51, 102, 153, 204, 255],
    [255, 255, 0, 0, 0, 255],
  ];
  for (let y = 0; y < 20; y++) {
    for (let x = 0; x < 70; x++) {
      const [image, inside] = x < 40 ? [0, x] : [1, x - 40];
      const grey = inside < 30 ? bytes[image]?.[Math.floor(y / 10) * 3 + Math.floor(inside / 10)] : 255;
      const at = 4 * (y * 70 + x);
      expect([...picture.rgba.subarray(at, at + 4)], `${x}, ${y}`).toEqual([grey, grey, grey, 255]);
    }
  }
});
