import { expect, test } from "vitest";
import { patchTable } from "../../src/math/patch-table.ts";
import { streams } from "../../src/math/streams.ts";
import { corruptPatches } from "../../src/reference/corrupt-patches.ts";
import { placePatches } from "../../src/reference/place-patches.ts";
import { noNoise } from "../../src/spec/noise.ts";

const side = 2;
// All 6 x 4 + 3 x 5 values differ, so that a patch identifies its position and orientation.
const sizes = [
  { rows: 6, columns: 4 },
  { rows: 3, columns: 5 },
];
const values = Uint8Array.from({ length: 39 }, (_, index) => index);
const table = patchTable(sizes, side, 1);
const key = { seed: 3, stream: streams.trainingNoise, epoch: 0 };

function patchesOf(count: number, flips: boolean): string[] {
  const draw = { count, side, channels: 1, flips, seed: 3, drawStream: streams.trainingPatches, epoch: 1 };
  const places = placePatches(table, draw);
  const shape = { rows: side, columns: side, channels: 1 };
  const all = Uint32Array.from({ length: count }, (_, patch) => patch);
  const { clean } = corruptPatches({ table, places, clean: values }, shape, all, noNoise, key);
  return Array.from({ length: count }, (_, patch) =>
    Array.from(clean.subarray(4 * patch, 4 * patch + 4), (value) => Math.round(255 * value)).join(" "),
  );
}

/** Every patch of both pictures: upper row, lower row. */
const upright = sizes.flatMap(({ rows, columns }, picture) =>
  Array.from({ length: (rows - 1) * (columns - 1) }, (_, place) => {
    const corner = 24 * picture + Math.floor(place / (columns - 1)) * columns + (place % (columns - 1));
    return [corner, corner + 1, corner + columns, corner + columns + 1] as const;
  }),
);

const turns = upright.flatMap(([a, b, c, d]) =>
  [
    [a, b, c, d],
    [b, d, a, c],
    [d, c, b, a],
    [c, a, d, b],
    [b, a, d, c],
    [a, c, b, d],
    [c, d, a, b],
    [d, b, c, a],
  ].map((patch) => patch.join(" ")),
);

test.each([
  ["upright", false, upright.map((patch) => patch.join(" "))],
  ["turned and flipped", true, turns],
] as const)("patches %s come from every position equally often", (_how, flips, possible) => {
  const count = 500 * possible.length;
  const drawn = new Map<string, number>();
  for (const patch of patchesOf(count, flips)) drawn.set(patch, (drawn.get(patch) ?? 0) + 1);
  expect([...drawn.keys()].sort()).toEqual([...possible].sort());
  const chiSquare = [...drawn.values()].reduce((sum, seen) => sum + (seen - 500) ** 2 / 500, 0);
  // Five standard deviations above the mean of the distribution.
  const freedom = possible.length - 1;
  expect(chiSquare).toBeLessThan(freedom + 5 * Math.sqrt(2 * freedom));
});
