import { expect, test } from "vitest";
import { useGpu } from "../support/open-gpu.ts";
import { finalModel, goldenCases, goldenRunIn, readGolden, readHistory, readModel } from "./fixtures.ts";
import { unsnow } from "./gpu-program.ts";
import { useFolder } from "./program.ts";

/** Float32 against float64: PyTorch's own float32 runs of these cases are off by up to 1.2e-7. */
const tolerance = 1e-6;

useGpu();
const folder = useFolder();

test.each(goldenCases)("%s", async (name) => {
  const expected = readGolden(name);
  const out = folder(name);
  const { code, stderr } = await unsnow([
    "train",
    ...(await goldenRunIn(out, name)),
    "--quiet",
    "--out",
    out,
  ]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });

  const { epochs, stepLoss } = readHistory(`${out}/history.json`);
  expectClose("step loss", stepLoss ?? [], expected.stepLoss);
  expectClose(
    "epoch loss",
    epochs.map(({ loss }) => loss),
    expected.epochLoss,
  );
  expectClose(
    "validation loss",
    epochs.map(({ valLoss }) => valLoss),
    expected.epochValLoss,
  );

  const trained = readModel(`${out}/model.safetensors`);
  const final = finalModel(name);
  expect(trained.network).toEqual(final.network);
  expect(trained.layers.length).toBe(final.layers.length);
  final.layers.forEach(({ weight, bias }, layer) => {
    expectClose(`layers.${layer}.weight`, trained.layers[layer]?.weight ?? [], weight);
    expectClose(`layers.${layer}.bias`, trained.layers[layer]?.bias ?? [], bias);
  });
});

function expectClose(what: string, found: ArrayLike<number>, expected: ArrayLike<number>): void {
  expect(found.length, `the number of values of ${what}`).toBe(expected.length);
  const strays = Array.from(expected, (value, index) => ({
    index,
    expected: value,
    found: found[index],
  })).filter((entry) => !(Math.abs((entry.found ?? Number.NaN) - entry.expected) <= tolerance));
  expect(strays, `${what}, the values further off than ${tolerance}`).toEqual([]);
}
