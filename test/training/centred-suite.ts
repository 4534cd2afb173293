import { describe, expect, test } from "vitest";
import { Denoiser } from "../../src/network/denoiser.ts";
import { initialWeights } from "../../src/network/initial-weights.ts";
import type { OutputName } from "../../src/spec/layer-specs.ts";
import { autoencoder, type LayerWeights } from "../../src/spec/network.ts";
import { trainOn } from "../../src/training/device-run.ts";
import type { UseDevice } from "../support/use-device.ts";
import { blobData, shortRun } from "./run-fixture.ts";

/** A run's kernels subtract 0.5 from their input, a finished model does not: both must give the same output. */
export const describeCentred = (useDevice: UseDevice) =>
  describe("a run with a centred input", () => {
    const device = useDevice();
    const data = blobData(24, 8, 5, 4);
    const outputs: readonly OutputName[] = ["sigmoid", "linear", "residual"];
    const run = (output: OutputName) => shortRun({ hidden: [7, 5], output, centre: true, loss: "mse" });

    test.each(outputs)("gives a model with the same output as its preview: %s", async (output) => {
      const trainer = await trainOn(device(), run(output), data);
      await trainer.step();
      const { noisy, denoised } = await trainer.preview([0, 3, 7]);
      const denoiser = await Denoiser.create(device(), await trainer.weights());
      expectClose(await denoiser.denoise(noisy), denoised);
      denoiser.destroy();
      trainer.destroy();
    });

    test("starts from a given model unchanged", async () => {
      const spec = run("sigmoid");
      const initial = initialWeights(autoencoder([5, 4], spec.hidden), 9, "torch");
      const trainer = await trainOn(device(), spec, data, { initial });
      const [{ denoised }, want] = [await trainer.preview([1]), await plainPreview(initial)];
      expectClose(denoised, want);
      const { layers } = await trainer.weights();
      layers.forEach(({ weight, bias }, index) => {
        expectClose(weight, initial[index]?.weight ?? []);
        expectClose(bias, initial[index]?.bias ?? []);
      });
      trainer.destroy();
    });

    async function plainPreview(initial: readonly LayerWeights[]): Promise<Float32Array> {
      const trainer = await trainOn(device(), { ...run("sigmoid"), centre: false }, data, { initial });
      const { denoised } = await trainer.preview([1]);
      trainer.destroy();
      return denoised;
    }
  });

/** For sums of about twenty float32 products of numbers around one. */
function expectClose(found: ArrayLike<number>, expected: ArrayLike<number>): void {
  expect(found.length).toBe(expected.length);
  expect(found.length).toBeGreaterThan(0);
  Array.from(expected).forEach((value, index) => {
    expect(Math.abs((found[index] ?? Number.NaN) - value), `at ${index}`).toBeLessThan(2e-6);
  });
}
