import { describe, expect, test, vi } from "vitest";
import { noNoise } from "../../src/spec/noise.ts";
import { trainOn } from "../../src/training/device-run.ts";
import { compileLook } from "../../src/training/look-kernels.ts";
import { useFrailGpus } from "../support/frail-gpu.ts";
import { blobData, blobs, shortRun } from "./run-fixture.ts";

describe("a GPU's kernels", () => {
  const openFresh = useFrailGpus();
  const data = blobData(37, 11, 6, 5);
  const spec = shortRun({ hidden: [9], epochs: 3 });

  const twins = { noisyTrain: blobs("twins", 37, 6, 5), noisyValidation: blobs("more twins", 11, 6, 5) };
  const changed = { shift: 2, noise: noNoise, noise2noise: true, centre: true, output: "linear" } as const;
  test.each([
    { name: "the default settings", spec, data },
    { name: "everything changed", spec: { ...spec, ...changed, loss: "mse" }, data: { ...data, ...twins } },
  ] as const)("a preview uses only kernels that were compiled ahead: $name", async ({ spec, data }) => {
    const fresh = await openFresh();
    // Only a software adapter compiles ahead.
    Object.defineProperty(fresh, "adapter", { value: { ...fresh.adapter, software: true } });
    const compile = vi.spyOn(fresh, "pipeline");
    const compiled = () =>
      compile.mock.calls.map(([{ name }, constants = {}]) => JSON.stringify([name, constants]));
    compileLook(fresh, spec);
    const ahead = compiled();
    expect(ahead.length).toBeGreaterThan(0);
    const trainer = await trainOn(fresh, spec, data, { compileLater: true });
    await trainer.preview([0]);
    expect(compiled().length).toBeGreaterThan(ahead.length);
    expect(compiled().filter((pipeline) => !ahead.includes(pipeline))).toEqual([]);
    trainer.destroy();
  });
});
