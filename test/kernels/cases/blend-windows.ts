import {
  blendInvocations,
  blendWindows as kernel,
  windowBatchUniform,
} from "../../../src/kernels/windows.ts";
import { padRows } from "../../../src/math/layout.ts";
import { blendWindows } from "../../../src/reference/blend-windows.ts";
import { type KernelCase, kernelCase } from "../kernel-case.ts";
import { filled, sumTolerance, untouched } from "./layer-fixture.ts";
import { WindowFixture, windowShapes } from "./window-fixture.ts";

export function blendWindowsCases(): KernelCase[] {
  return windowShapes.map((shape) => {
    const fixture = new WindowFixture("blend_windows", shape);
    const { grid, first, count, batch, top, numbers, size } = fixture;
    const { down, across } = grid;
    const windows = numbers.floats(count * size);
    const rows = numbers.floats(down.window, 0.1, 1);
    const columns = numbers.floats(across.window, 0.1, 1);
    const sums = numbers.floats(down.length * fixture.width);
    const expected = Float64Array.from(sums);
    blendWindows(expected, windows, grid, first, { rows, columns });
    const outputOffset = 3;
    const activations = filled(4 * (outputOffset + count * fixture.quads + 1), untouched);
    activations.set(padRows(windows, count, size), 4 * outputOffset);
    const overlaps = Math.ceil(down.window / down.stride + 1) * Math.ceil(across.window / across.stride + 1);
    return kernelCase({
      name: fixture.name,
      kernel,
      buffers: {
        windows: windowBatchUniform(grid, batch, { first, count, top, outputOffset }),
        weights: Float32Array.of(...rows, ...columns),
        activations,
        sums: fixture.inRows(sums),
      },
      invocations: blendInvocations(grid, batch),
      // Sums of numbers up to 1, starting at 1: each addition and each weight has an error of half a unit in the last place of its result.
      expected: {
        sums: { values: fixture.inRows(expected), atol: sumTolerance(3 * overlaps, overlaps + 1), rtol: 0 },
      },
    });
  });
}
