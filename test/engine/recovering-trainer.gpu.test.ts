import { describe, expect, test } from "vitest";
import { RecoveringTrainer } from "../../src/engine/recovering-trainer.ts";
import { Gpu } from "../../src/gpu/gpu.ts";
import { trainOn } from "../../src/training/device-run.ts";
import { useFrailGpus, useRealFrailGpus } from "../support/frail-gpu.ts";
import { useGpu } from "../support/open-gpu.ts";
import { blobData, shortRun } from "../training/run-fixture.ts";
import { describeGivenBack } from "./given-back-suite.ts";
import { gpuTrial } from "./gpu-trial.ts";
import { describeRecovery } from "./recovery-suite.ts";

const data = blobData(37, 11, 6, 5);
const spec = shortRun({ hidden: [9], epochs: 4 });

describe("on the GPU", () => {
  describeRecovery(gpuTrial);
});

describe("a real device", () => {
  const undisturbedGpu = useGpu();
  const openFrail = useRealFrailGpus();

  test("is replaced when it is lost, and again when the next one is lost at its first submit", async () => {
    const undisturbed = await trainOn(undisturbedGpu(), spec, data, { family: "tile8" });
    for await (const _ of undisturbed.epochs());
    const sentences: string[] = [];
    const trainer = await RecoveringTrainer.create(
      await openFrail({ onSubmit: (gpu, count) => count === 9 && gpu.device.destroy() }),
      spec,
      data,
      {
        family: "tile8",
        interval: 0,
        open: () => openFrail({ onSubmit: (gpu) => sentences.length === 0 && gpu.device.destroy() }),
        onRecovery: (sentence) => sentences.push(sentence),
      },
    );
    for await (const _ of trainer.epochs());
    expect(await trainer.weights()).toEqual(await undisturbed.weights());
    expect(sentences.length).toBeGreaterThanOrEqual(1);
    undisturbed.destroy();
    trainer.destroy();
  });
});

describe("the device's memory", () => {
  const openFrail = useFrailGpus();

  test("that is too small is reported in one sentence that says what to lower", async () => {
    const short = await openFrail();
    const { device } = short;
    const pop = device.popErrorScope.bind(device);
    let scopes = 0;
    device.popErrorScope = async () => {
      await pop();
      scopes += 1;
      return scopes === 1 ? ({ message: "out" } as GPUError) : null;
    };
    let opens = 0;
    const open = () => {
      opens += 1;
      return openFrail();
    };
    await expect(RecoveringTrainer.create(short, spec, data, { open, family: "tile8" })).rejects.toThrow(
      "The GPU does not have enough memory for the training run: lower the batch or the layer widths.",
    );
    expect(opens).toBe(0);
  });

  describeGivenBack(useGpu, (device) => (device instanceof Gpu ? device.device : expect.fail()));
});
