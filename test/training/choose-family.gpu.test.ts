import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { DeviceError } from "../../src/device/device-error.ts";
import { type Family, families, usualFamily } from "../../src/kernels/family.ts";
import { autoencoder, hiddenOf } from "../../src/spec/network.ts";
import { chooseFamily, timeFamilies } from "../../src/training/choose-family.ts";
import { trainOn } from "../../src/training/device-run.ts";
import type { FamilyMemory } from "../../src/training/family-memory.ts";
import { useFrailGpus } from "../support/frail-gpu.ts";
import { useGpu } from "../support/open-gpu.ts";
import { differencesFromReference } from "./follows-reference.ts";
import { blobData, shortRun, shortRuns } from "./run-fixture.ts";
import { tolerances } from "./tolerances.ts";

const spec = shortRun({ hidden: [9], batch: 16 });
const network = autoencoder([6, 5], [9]);
const convolutions = autoencoder([3, 4], "conv:2");

describe("a family of kernels", () => {
  const gpu = useGpu();

  // trainer.gpu.test.ts compares all runs in the default family; the other families differ only in their kernels.
  test.each(families)("follows the reference: %s", async (family) => {
    const runs = shortRuns.filter(({ name }) => /^(the default noise|fixed noise and shifts)/.test(name));
    expect(runs.length).toBe(2);
    for (const { spec, data } of runs) {
      const { stepLoss, valLoss, weight } = await differencesFromReference(gpu(), spec, data, family);
      expect(stepLoss).toBeLessThan(tolerances.loss);
      expect(valLoss).toBeLessThan(tolerances.loss);
      expect(weight).toBeLessThan(tolerances.weight);
    }
  });

  // Few steps: a software adapter takes long for barriers.
  test.each(["tile16", "workgroup"] as const)("follows the reference in convolutions: %s", async (family) => {
    const short = shortRun({
      hidden: "conv:7,conv:5/2,up:6,conv:3",
      epochs: 1,
      batch: 6,
      initialization: "torch",
    });
    const data = blobData(10, 2, 6, 4);
    const { stepLoss, valLoss, weight } = await differencesFromReference(gpu(), short, data, family);
    expect(stepLoss).toBeLessThan(tolerances.loss);
    expect(valLoss).toBeLessThan(tolerances.loss);
    expect(weight).toBeLessThan(tolerances.weight);
  });

  test("is the default one on a software adapter, and a forced one is used on any adapter", async () => {
    const large = autoencoder([28, 28], [512, 128, 512]);
    expect(await chooseFamily(gpu(), { ...spec, batch: 256 }, large)).toBe("tile16");
    expect(await chooseFamily(gpu(), { ...spec, batch: 1 }, large)).toBe("tile8");
    expect(await chooseFamily(gpu(), spec, network)).toBe("tile8");
    const trainer = await trainOn(gpu(), spec, blobData(37, 11, 6, 5), { family: "workgroup" });
    expect(trainer.family).toBe("workgroup");
    trainer.destroy();
  });
});

test.each([
  ["conv:2", "tile8"],
  ["conv:32x7", "tile16"],
] as const)(
  "without subgroups, convolutions on a software adapter use the fewest loads if they are large: %s",
  (hidden, family) => {
    const device = { adapter: { name: "software", software: true }, subgroups: false };
    expect(usualFamily(device, autoencoder([64, 64], hidden), 16)).toBe(family);
  },
);

test.each([
  ["conv:2", "tile16"],
  ["conv:32x7", "tile16"],
  ["conv:16/2,conv:8/2,up:8,up:16", "tile8"],
] as const)("with subgroups, they do so if most have stride 1: %s", (hidden, family) => {
  const device = { adapter: { name: "software", software: true }, subgroups: true };
  expect(usualFamily(device, autoencoder([28, 28], hidden), 1)).toBe(family);
  expect(
    usualFamily({ ...device, adapter: { name: "a GPU", software: false } }, autoencoder([28, 28], hidden), 1),
  ).toBe("workgroup");
});

describe("a trial of the families", () => {
  const openFrail = useFrailGpus();

  beforeEach(() => {
    vi.useFakeTimers({ toFake: ["performance"] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  /**
   * The time that the mocked clock adds for a submit of each family, and for an answer of the queue, in milliseconds.
   */
  const submitTakes: Record<Family, number> = { tile8: 30, tile16: 10, workgroup: 20 };
  const answerTakes = 3;

  /** A device that reports to be a GPU, so that the trial runs; it refuses some families, and can be slower. */
  const openTimed = async (refused: readonly Family[] = [], slowness = 1) => {
    let family: Family = "tile8";
    const gpu = await openFrail({
      onSubmit: () => vi.advanceTimersByTime(slowness * submitTakes[family]),
      onWait: () => vi.advanceTimersByTime(answerTakes),
    });
    Object.defineProperty(gpu, "adapter", { value: { name: "a GPU", software: false } });
    const pipeline = gpu.pipeline.bind(gpu);
    vi.spyOn(gpu, "pipeline").mockImplementation((kernel, constants) => {
      // The loss of convolutions has the same kernel in two families.
      const shared = kernel.name === "conv_loss.tile8";
      const name = kernel.name.replace(".subgroup", ".tile16");
      const named = shared ? undefined : families.find((one) => name.endsWith(`.${one}`));
      family = named ?? family;
      if (named && refused.includes(named)) return Promise.reject(new DeviceError("It is refused."));
      return pipeline(kernel, constants);
    });
    return gpu;
  };

  test("times every family for an equal share, without the queue's own time, and sorts them by speed", async () => {
    // A trial takes 300 ms. Half of a family's third is for a second measurement, with as many steps as fit in 50 ms.
    expect(await timeFamilies(await openTimed(), spec, network)).toEqual([
      { family: "tile16", milliseconds: 10 / 5 },
      { family: "workgroup", milliseconds: 20 / 2 },
      { family: "tile8", milliseconds: 30 },
    ]);
  });

  test("compares the families of convolutions", async () => {
    const convolution = { ...spec, hidden: hiddenOf(convolutions), batch: 2 };
    expect(await timeFamilies(await openTimed([], 4), convolution, convolutions)).toEqual([
      { family: "tile16", milliseconds: 4 * 10 },
      { family: "workgroup", milliseconds: 4 * 20 },
      { family: "tile8", milliseconds: 4 * 30 },
    ]);
  });

  test("omits the families that the GPU refuses, and fails if it refuses all", async () => {
    const times = await timeFamilies(await openTimed(["tile16"]), spec, network);
    expect(times.map(({ family }) => family)).toEqual(["workgroup", "tile8"]);
    await expect(timeFamilies(await openTimed(families), spec, network)).rejects.toThrow("It is refused.");
  });

  test("is skipped on the CPU, where all families use the same kernel", async () => {
    const device = await openTimed();
    Object.defineProperty(device, "backend", { value: "cpu" });
    expect(await chooseFamily(device, spec, network)).toBe("tile8");
    expect(device.pipeline).not.toHaveBeenCalled();
  });

  test("is stored by adapter, network and batch, and not repeated", async () => {
    const kept = new Map<string, string>();
    const memory: FamilyMemory = {
      recall: async (key) => kept.get(key),
      remember: async (key, family) => {
        kept.set(key, family);
      },
    };
    const key = "a GPU, 30-9-30, batch 16, kernels 4";
    expect(await chooseFamily(await openTimed(), spec, network, memory)).toBe("tile16");
    expect([...kept]).toEqual([[key, "tile16"]]);
    kept.set(key, "workgroup");
    expect(await chooseFamily(await openTimed(), spec, network, memory)).toBe("workgroup");
    kept.set(key, "a family of another version");
    expect(await chooseFamily(await openTimed(), spec, network, memory)).toBe("tile16");
  });
});
