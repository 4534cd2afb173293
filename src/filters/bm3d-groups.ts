import { BlockMatcher, type Matching } from "./bm3d-matching.ts";
import { BlockMean, BlockSpectra } from "./bm3d-spectra.ts";
import { type BlockTransform, invertGroup, transformGroup } from "./bm3d-transforms.ts";
import type { Matrix } from "./wavelet-transform.ts";

/** One step of BM3D. */
export interface GroupSettings extends Matching {
  readonly transform: BlockTransform;
  /** Pixels between reference blocks, in rows and columns. */
  readonly stride: number;
  /** The parameter of the Kaiser window that weights the pixels of a block. */
  readonly beta: number;
}

/**
 * Shrinks the spectrum of a group of blocks: the last one of `spectra`, in place. Each is [count, size, size], and
 * coefficient 0 is the mean. Returns the weight of the group in the mean of all.
 */
export type ShrinkGroup = (spectra: readonly Float64Array[], count: number) => number;

/** Rows of reference blocks whose similar blocks are found together. */
const bandRows = 16;

/**
 * Collaborative filtering: groups similar blocks of the first plane, has `shrink` filter each group's 3D spectrum, of every plane, and
 * returns the weighted mean of the blocks that are estimated for the last plane. All planes have the same shape, at least a block.
 */
export function filterGroups(
  planes: readonly Matrix[],
  settings: GroupSettings,
  shrink: ShrinkGroup,
): Matrix {
  const [guide] = planes;
  if (!guide) throw new RangeError("There is no plane to filter.");
  const { rows, columns } = guide;
  const { size, stride, distance, most, transform, beta } = settings;
  const tops = referencePlaces(rows, size, stride);
  const lefts = referencePlaces(columns, size, stride);
  const matcher = new BlockMatcher(guide, settings, lefts, bandRows, (bandRows - 1) * stride + size);
  const depth = 2 * distance + 1;
  const spectra = planes.map((plane) => new BlockSpectra(plane, transform, depth));
  const groups = planes.map(() => new Float64Array(most * size ** 2));
  const [filtered = new Float64Array()] = groups.slice(-1);
  const mean = new BlockMean(guide, transform, beta, depth);

  const lastTop = rows - size;
  for (let first = 0; first < tops.length; first += bandRows) {
    const band = tops.subarray(first, first + bandRows);
    matcher.find(band);
    for (const [row, top] of band.entries()) {
      mean.finishUntil(top - distance);
      for (const blocksOfPlane of spectra) blocksOfPlane.computeUntil(Math.min(top + distance, lastTop) + 1);
      for (let column = 0; column < lefts.length; column++) {
        const reference = row * lefts.length + column;
        const count = largestPower(matcher.counts[reference] ?? 1);
        const blocks = matcher.blocks.subarray(reference * most, reference * most + count);
        for (let plane = 0; plane < groups.length; plane++) {
          const group = groups[plane] ?? filtered;
          spectra[plane]?.gather(blocks, group);
          transformGroup(group, count, size ** 2);
        }
        const weight = shrink(groups, count);
        invertGroup(filtered, count, size ** 2);
        mean.add(blocks, filtered, weight);
      }
    }
  }
  mean.finishUntil(lastTop + 1);
  return mean.result();
}

/** 0, stride, 2 stride, ... and the last place of a block in a line. */
function referencePlaces(length: number, size: number, stride: number): Int32Array {
  const last = length - size;
  return Int32Array.from({ length: Math.ceil(last / stride) + 1 }, (_, index) =>
    Math.min(index * stride, last),
  );
}

/** The largest power of two that is at most `count`, which is at least 1. */
function largestPower(count: number): number {
  return 2 ** (31 - Math.clz32(count));
}
