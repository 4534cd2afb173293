import { cutInvocations, cutWindows as kernel, windowBatchUniform } from "../../../src/kernels/windows.ts";
import { padRows, quads } from "../../../src/math/layout.ts";
import { cutWindows } from "../../../src/reference/cut-windows.ts";
import { type KernelCase, kernelCase } from "../kernel-case.ts";
import { filled, overlaid, untouched } from "./layer-fixture.ts";
import { exactly } from "./sweep-fixture.ts";
import { WindowFixture, windowShapes } from "./window-fixture.ts";

export function cutWindowsCases(): KernelCase[] {
  return windowShapes.map((shape) => {
    const fixture = new WindowFixture("cut_windows", shape);
    const { grid, first, count, batch, top } = fixture;
    const picture = fixture.numbers.floats(grid.down.length * fixture.width, 0, 1);
    const windows = padRows(cutWindows(picture, grid, first, first + count), count, fixture.size);
    const rows = 4 * quads(batch);
    const activations = filled(4 * (rows * fixture.quads + 2), untouched);
    const block = new Float32Array(4 * rows * fixture.quads);
    block.set(windows);
    return kernelCase({
      name: fixture.name,
      kernel,
      buffers: {
        windows: windowBatchUniform(grid, batch, { first, count, top, outputOffset: 0 }),
        picture: fixture.inRows(picture),
        activations,
      },
      invocations: cutInvocations(grid, batch),
      expected: { activations: exactly(overlaid(activations, block, 0)) },
    });
  });
}
