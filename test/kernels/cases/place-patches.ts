import { placePatches as kernel, patchDrawUniform } from "../../../src/kernels/patches.ts";
import { type PatchDraw, type PictureSize, patchTable } from "../../../src/math/patch-table.ts";
import { streams } from "../../../src/math/streams.ts";
import { placePatches } from "../../../src/reference/place-patches.ts";
import { type KernelCase, kernelCase } from "../kernel-case.ts";
import { exactly } from "./sweep-fixture.ts";

/** Pictures of many sizes, one of them with the size of a patch. */
export const pictureSizes: readonly PictureSize[] = [
  { rows: 7, columns: 5 },
  { rows: 5, columns: 5 },
  { rows: 12, columns: 31 },
  { rows: 40, columns: 6 },
  { rows: 5, columns: 90 },
];

export function placePatchesCases(): KernelCase[] {
  const draws: readonly Pick<PatchDraw, "count" | "side" | "channels" | "flips">[] = [
    { count: 1, side: 1, channels: 1, flips: false },
    { count: 300, side: 5, channels: 1, flips: false },
    { count: 300, side: 5, channels: 3, flips: true },
    { count: 5000, side: 2, channels: 1, flips: true },
  ];
  return draws.flatMap((draw) => [
    placeCase(pictureSizes, draw),
    placeCase(pictureSizes.slice(0, 1), draw),
    // More positions than 16 bits can count, so that the upper half of the product matters.
    placeCase([{ rows: 3000, columns: 4000 }, ...pictureSizes], draw),
  ]);
}

function placeCase(
  sizes: readonly PictureSize[],
  settings: Pick<PatchDraw, "count" | "side" | "channels" | "flips">,
): KernelCase {
  const { count, side, channels, flips } = settings;
  const draw = { ...settings, seed: 0xfffffff7, drawStream: streams.trainingPatches, epoch: 3 };
  const table = patchTable(sizes, side, channels);
  const places = placePatches(table, draw);
  return kernelCase({
    name: `place_patches ${count} of ${side}, ${channels} channels, ${flips ? "turned" : "upright"}, ${sizes.length} pictures`,
    kernel,
    buffers: {
      draw: patchDrawUniform(table, draw),
      pictures: table.pictures,
      places: new Uint32Array(4 * count),
    },
    invocations: count,
    expected: { places: exactly(new Uint32Array(places.buffer)) },
  });
}
