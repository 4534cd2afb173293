import { describe, expect, test } from "vitest";
import {
  centred,
  padPoint,
  radiusOf,
  rasterise,
  type Stroke,
  stepped,
} from "../../../src/lab/draw/drawing.ts";
import { padSizeFor } from "../../../src/lab/draw/state.ts";

const size = { rows: 28, columns: 28 };

function stroke(points: readonly (readonly [number, number])[], tool: Stroke["tool"] = "pen"): Stroke {
  return { tool, points: points.map(([x, y]) => ({ x, y })) };
}

/** The share of a pixel's area within `radius` of a point set, from 64 x 64 samples. */
function covered(row: number, column: number, within: (x: number, y: number) => boolean): number {
  const side = 64;
  let hits = 0;
  for (let i = 0; i < side * side; i++) {
    const [x, y] = [column + ((i % side) + 0.5) / side, row + (Math.floor(i / side) + 0.5) / side];
    if (within(x, y)) hits += 1;
  }
  return hits / side ** 2;
}

describe("the pen", () => {
  test("a horizontal stroke is as wide as the pen, and its edge pixels have their covered share", () => {
    const { values } = rasterise(
      [
        stroke([
          [4, 10.3],
          [24, 10.3],
        ]),
      ],
      size,
    );
    const radius = radiusOf("pen", size);
    for (let row = 0; row < 28; row++) {
      const expected = Math.max(0, Math.min(row + 1, 10.3 + radius) - Math.max(row, 10.3 - radius));
      expect(values[row * 28 + 14]).toBeCloseTo(expected, 6);
    }
  });

  test("a slanting stroke covers about the same pixels as a band of its width", () => {
    const { values } = rasterise(
      [
        stroke([
          [6, 5],
          [22, 23],
        ]),
      ],
      size,
    );
    const radius = radiusOf("pen", size);
    const [dx, dy] = [16, 18];
    const length = Math.hypot(dx, dy);
    const within = (x: number, y: number) => {
      const along = Math.min(1, Math.max(0, ((x - 6) * dx + (y - 5) * dy) / length ** 2));
      return Math.hypot(x - 6 - along * dx, y - 5 - along * dy) <= radius;
    };
    let [sum, worst] = [0, 0];
    values.forEach((value, pixel) => {
      const expected = covered(Math.floor(pixel / 28), pixel % 28, within);
      worst = Math.max(worst, Math.abs(value - expected));
      sum += expected;
    });
    expect(worst).toBeLessThan(0.12);
    expect(values.reduce((total, value) => total + value)).toBeCloseTo(sum, 0);
  });

  test("the number of pen events makes no difference", () => {
    const seldom = rasterise(
      [
        stroke([
          [5, 5],
          [20, 12],
        ]),
      ],
      size,
    );
    const often = Array.from({ length: 61 }, (_, step) => [5 + step / 4, 5 + (7 * step) / 60] as const);
    const { values } = rasterise([stroke(often)], size);
    values.forEach((value, pixel) => {
      expect(value).toBeCloseTo(seldom.values[pixel] ?? Number.NaN, 5);
    });
  });

  test("ink adds up to at most 1 over several strokes, and the eraser removes it", () => {
    const line = stroke([
      [4, 10],
      [24, 10],
    ]);
    const edge = 11 * 28 + 14;
    const [one, two, nine] = [1, 2, 9].map((count) => rasterise(Array(count).fill(line), size).values[edge]);
    expect(one).toBeCloseTo(0.2, 5);
    expect(two).toBeCloseTo(0.4, 5);
    expect(nine).toBe(1);
    const erased = rasterise([line, stroke([[14, 10]], "eraser")], size).values;
    expect(erased[10 * 28 + 14]).toBe(0);
    expect(erased[10 * 28 + 20]).toBe(1);
  });

  test("strokes outside the pad draw nothing on it", () => {
    const { values } = rasterise(
      [
        stroke([
          [-9, -9],
          [40, -9],
        ]),
      ],
      size,
    );
    expect(Math.max(...values)).toBe(0);
  });
});

describe("the centring of a drawing", () => {
  const hook = [
    [2, 3],
    [7, 3],
    [7, 11],
  ] as const;

  /** The centre of mass, computed by its definition. */
  function massOf(strokes: readonly Stroke[]): { x: number; y: number; mass: number } {
    const { values } = rasterise(strokes, size);
    const mass = values.reduce((sum, value) => sum + value);
    const mean = (place: (pixel: number) => number) =>
      values.reduce((sum, value, pixel) => sum + value * place(pixel), 0) / mass;
    return { x: mean((pixel) => (pixel % 28) + 0.5), y: mean((pixel) => Math.floor(pixel / 28) + 0.5), mass };
  }

  test("moves the centre of mass to the middle, wherever the digit was drawn, and loses no ink", () => {
    const drawn = [stroke(hook)];
    const { x, y, mass } = massOf(centred(drawn, size));
    expect(Math.hypot(x - 14, y - 14)).toBeLessThan(0.05);
    expect(mass / massOf(drawn).mass).toBeCloseTo(1, 1);
    const moved = [stroke(hook.map(([a, b]) => [a + 13, b + 12] as const))];
    const [one, other] = [rasterise(centred(drawn, size), size), rasterise(centred(moved, size), size)];
    one.values.forEach((value, pixel) => {
      expect(value).toBeCloseTo(other.values[pixel] ?? Number.NaN, 3);
    });
  });

  test("shrinks a large digit to 20 of 28 pixels and keeps the size of a small one", () => {
    const extent = (strokes: readonly Stroke[]) => {
      const { values } = rasterise(strokes, size);
      const rows = Array.from({ length: 28 }, (_, row) => row).filter((row) =>
        values.subarray(28 * row, 28 * row + 28).some((value) => value > 0.5),
      );
      return Math.max(...rows) - Math.min(...rows) + 1;
    };
    const tall = [
      stroke([
        [5, 0],
        [9, 28],
      ]),
    ];
    expect(extent(centred(tall, size))).toBeGreaterThanOrEqual(19);
    expect(extent(centred(tall, size))).toBeLessThanOrEqual(20);
    expect(extent(centred([stroke(hook)], size))).toBe(extent([stroke(hook)]));
  });

  test("centres a dot, and leaves an empty drawing empty", () => {
    expect(centred([stroke([[3, 4]])], size)).toEqual([stroke([[14, 14]])]);
    const rubbed = [stroke([[3, 4]]), stroke([[3, 4]], "eraser")];
    expect(centred(rubbed, size)).toBe(rubbed);
    expect(centred([], size)).toEqual([]);
  });
});

describe("the pad", () => {
  test("the pointer's position is in pixels of the image", () => {
    const box = { left: 100, top: 50, width: 280, height: 140 };
    expect(padPoint({ clientX: 100, clientY: 50 }, box, size)).toEqual({ x: 0, y: 0 });
    expect(padPoint({ clientX: 240, clientY: 120 }, box, size)).toEqual({ x: 14, y: 14 });
  });

  test("the keyboard's pen stays on the pad", () => {
    expect(stepped({ x: 14.5, y: 14.5 }, -4, 1, size)).toEqual({ x: 10.5, y: 15.5 });
    expect(stepped({ x: 26.5, y: 0.5 }, 4, -1, size)).toEqual({ x: 27.5, y: 0.5 });
  });

  test("the pad has the size of the run's images, up to 64 a side", () => {
    expect(padSizeFor(undefined)).toEqual(size);
    expect(padSizeFor({ rows: 16, columns: 64 })).toEqual({ rows: 16, columns: 64 });
    expect(padSizeFor({ rows: 16, columns: 65 })).toEqual(size);
  });
});
