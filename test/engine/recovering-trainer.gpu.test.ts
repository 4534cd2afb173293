import { describe, expect, test } from "vitest";
import { RecoveringTrainer, type RecoveryOptions } from "../../src/engine/recovering-trainer.ts";
import { trainOn } from "../../src/training/device-run.ts";
import { useFrailGpus, useRealFrailGpus } from "../support/frail-gpu.ts";
import { useGpu } from "../support/open-gpu.ts";
import { blobData, shortRun } from "../training/run-fixture.ts";
import { describeRecovery } from "./recovery-suite.ts";

const data = blobData(37, 11, 6, 5);
const spec = shortRun({ hidden: [9], epochs: 4 });

describeRecovery({ useDevices: useFrailGpus, waits: "skipped" });

describe("a real device", () => {
  const undisturbedGpu = useGpu();
  const openFrail = useRealFrailGpus();

  test("is replaced when it is lost, and once more when the next is lost at its first submit", async () => {
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

describe("a device that is the CPU", () => {
  const openFrail = useFrailGpus();

  /** As far as a trainer can see. */
  const openCpu = async () => Object.defineProperty(await openFrail(), "backend", { value: "cpu" });
  const losing = async (open: RecoveryOptions["open"]) => {
    const sentences: string[] = [];
    const trainer = await RecoveringTrainer.create(await openCpu(), spec, data, {
      ...{ family: "tile8", waits: [0], open },
      onRecovery: (sentence) => sentences.push(sentence),
    });
    trainer.device.destroy();
    return { trainer, sentences };
  };

  test("is not called a GPU where its loss is reported", async () => {
    const { trainer, sentences } = await losing(openCpu);
    await trainer.weights();
    expect(sentences).toEqual(["The CPU's threads were lost; training continues from epoch 1."]);
    trainer.destroy();
    const none = await losing(() => Promise.reject(new Error("There are none.")));
    await expect(none.trainer.weights()).rejects.toThrow(
      "The CPU's threads were lost, and no others could be started: There are none.",
    );
  });
});

describe("the device's memory", () => {
  const gpu = useGpu();
  const openFrail = useFrailGpus();

  test("that is too short is reported in a sentence that says what to lower", async () => {
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

  test("is given back: a hundred runs leave no buffer", async () => {
    const { device } = gpu();
    const live = new Set<GPUBuffer>();
    const createBuffer = device.createBuffer.bind(device);
    let created = 0;
    device.createBuffer = (descriptor) => {
      const buffer = createBuffer(descriptor);
      const destroy = buffer.destroy.bind(buffer);
      buffer.destroy = () => {
        live.delete(buffer);
        return destroy();
      };
      live.add(buffer);
      created += 1;
      return buffer;
    };
    for (let run = 0; run < 100; run++) {
      const trainer = await RecoveringTrainer.create(gpu(), spec, data, {
        open: () => openFrail(),
        family: "tile8",
        ...(run % 2 === 1 && { imageBytes: 1 }),
      });
      if (run % 10 === 0) {
        await trainer.step();
        await trainer.preview([1]);
        await trainer.state();
        await trainer.weights();
      }
      trainer.destroy();
      // What was refused half-way is no exception.
      if (run % 10 === 5) {
        const state = { epoch: 9, step: 0, seconds: 0, weights: [], moments: { squares: [], others: [] } };
        const none = { training: new Float32Array(), validation: new Float32Array() };
        const wrong = { ...state, metrics: none };
        await expect(trainOn(gpu(), spec, data, { state: wrong })).rejects.toThrow("epoch 9");
      }
    }
    expect(created).toBeGreaterThan(2000);
    expect([...live].map(({ label }) => label)).toEqual([]);
    Reflect.deleteProperty(device, "createBuffer");
  });
});
