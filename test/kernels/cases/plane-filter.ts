import type { Plane } from "../../../src/data/plane.ts";
import { filterPasses } from "../../../src/filtering/filter-passes.ts";
import type { FilterName } from "../../../src/filters/filter.ts";
import { filters } from "../../../src/filters/filters.ts";
import { planeFilterUniform } from "../../../src/kernels/filters.ts";
import { type KernelCase, kernelCase } from "../kernel-case.ts";
import { MadeNumbers } from "../made-numbers.ts";
import { filled, sumTolerance, untouched } from "./layer-fixture.ts";

/**
 * The number, rows and columns of planes with values in [-0.5, 1.5]. Windows reach beyond a small plane more than once.
 */
type Shape = readonly [planes: number, rows: number, columns: number];

/**
 * Means of this number of values of at most 1.5. exp has an error of 3 + 2 |x| ULP for their weights, with relevant |x| up to 60.
 */
const means = (values: number) => ({ atol: 2 * sumTolerance(values + 123), rtol: 0 });

export function planeFilterCases(): KernelCase[] {
  const small: Shape = [2, 3, 5];
  const wide: Shape = [3, 9, 21];
  return [
    // A pass of the Gaussian is along one axis: on a single row or column it is the whole filter.
    ...[0.25, 1, 2.8].flatMap((sigma) => [
      filterCase("gaussian", 0, sigma, [1, 1, 37], means(23)),
      filterCase("gaussian", 0, sigma, [4, 1, 3], means(23)),
      filterCase("gaussian", 1, sigma, [1, 37, 1], means(23)),
    ]),
    ...[1, 3, 6].flatMap((radius) =>
      [small, wide].map((shape) => filterCase("median", 0, radius, shape, { atol: 0, rtol: 0 })),
    ),
    ...[0.025, 0.4, 3.2].flatMap((sigma) =>
      [small, wide].map((shape) => filterCase("bilateral", 0, sigma, shape, means(121))),
    ),
    ...[0.1, 0.5].flatMap((sigma) =>
      [small, wide].map((shape) => filterCase("non-local-means", 0, sigma, shape, means(169 + 25))),
    ),
  ];
}

/** One pass over all rows except the first and the last of several planes, which must not change. */
function filterCase(
  filter: FilterName,
  passIndex: number,
  strength: number,
  [count, rows, columns]: Shape,
  tolerance: { readonly atol: number; readonly rtol: number },
): KernelCase {
  const pass = filterPasses[filter]?.(strength)[passIndex];
  if (!pass) throw new Error(`${filter} has no pass ${passIndex}.`);
  const { kernel, constants = {}, radius, falloff = 0, setting = 0 } = pass;
  const name = `${kernel.name} ${strength}, ${count} of ${rows} x ${columns}`;
  const numbers = new MadeNumbers(name);
  const pixels = rows * columns;
  const noisy = Float32Array.from(numbers.bytes(count * pixels), (byte) => byte / 127.5 - 0.5);
  const lines = count * rows;
  const [first, end] = lines > 2 ? [1, lines - 1] : [0, lines];
  const denoised = filled(count * pixels, untouched);
  const expected = Float64Array.from(denoised);
  const filtered = Array.from({ length: count }, (_, index): Plane => {
    const values = noisy.slice(index * pixels, (index + 1) * pixels);
    return filters[filter].apply({ rows, columns, values }, strength);
  }).flatMap(({ values }) => [...values]);
  expected.set(filtered.slice(first * columns, end * columns), first * columns);
  return kernelCase({
    name,
    kernel,
    constants,
    buffers: {
      planes: planeFilterUniform({ rows, columns, first, end, radius, falloff, setting }),
      noisy,
      denoised,
    },
    invocations: [columns, end - first],
    expected: { denoised: { values: expected, ...tolerance } },
  });
}
