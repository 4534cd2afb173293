import { expect, test } from "vitest";
import { checkPictureSize, isGrey, pictureLimits } from "../../../src/lab/shared/picture-files.ts";
import { InputError } from "../../../src/spec/input-error.ts";

test("a picture is grey if every pixel is, whatever its alpha", () => {
  const grey = Uint8ClampedArray.of(7, 7, 7, 255, 200, 200, 200, 3);
  expect(isGrey({ rows: 1, columns: 2, rgba: grey })).toBe(true);
  for (const colour of [4, 5, 6]) {
    const tinted = grey.with(colour, 201);
    expect(isGrey({ rows: 1, columns: 2, rgba: new Uint8ClampedArray(tinted) })).toBe(false);
  }
});

test("a picture can be as large as the limits and no larger", () => {
  const { pixels, side } = pictureLimits;
  const columns = pixels / side;
  checkPictureSize("wall.png", { rows: side, columns });
  expect(() => checkPictureSize("wall.png", { rows: side, columns: columns + 1 })).toThrow(
    new InputError(
      "wall.png has 2049 x 16384 pixels, but a picture may have at most 33554432 of them and 16384 a side.",
    ),
  );
  expect(() => checkPictureSize("line.png", { rows: 1, columns: side + 1 })).toThrow(
    /^line\.png has 16385 x 1/,
  );
});
