import { describe, expect, test } from "vitest";
import type { Gpu } from "../../src/gpu/gpu.ts";
import { families } from "../../src/kernels/family.ts";
import { autoencoder } from "../../src/spec/network.ts";
import { chooseFamily, timeFamilies } from "../../src/training/choose-family.ts";
import type { FamilyMemory } from "../../src/training/family-memory.ts";
import { Trainer } from "../../src/training/trainer.ts";
import { useGpu } from "../support/open-gpu.ts";
import { differencesFromReference } from "./follows-reference.ts";
import { blobData, shortRun, shortRuns } from "./run-fixture.ts";
import { tolerances } from "./tolerances.ts";

describe("the way products are computed", () => {
  const gpu = useGpu();
  const spec = shortRun({ hidden: [9], batch: 16 });
  const network = autoencoder([6, 5], [9]);

  /** The device, passed off as a GPU, so that the trial runs. */
  const asHardware = (): Gpu =>
    new Proxy(gpu(), {
      get: (real, key) => {
        if (key === "adapter") return { name: "a GPU", software: false };
        const value: unknown = Reflect.get(real, key, real);
        return typeof value === "function" ? value.bind(real) : value;
      },
    });

  test.each(families)("%s follows the reference", async (family) => {
    for (const { spec, data } of shortRuns) {
      const { stepLoss, valLoss, weight } = await differencesFromReference(gpu(), spec, data, family);
      expect(stepLoss).toBeLessThan(tolerances.loss);
      expect(valLoss).toBeLessThan(tolerances.loss);
      expect(weight).toBeLessThan(tolerances.weight);
    }
  });

  test("a trial times every family", async () => {
    const times = await timeFamilies(gpu(), spec, network);
    expect(times.map(({ family }) => family).sort()).toEqual([...families].sort());
    for (const { milliseconds } of times) expect(milliseconds).toBeGreaterThan(0);
  });

  test("what a trial found is remembered by adapter, network and batch, and not tried again", async () => {
    const kept = new Map<string, string>();
    const memory: FamilyMemory = {
      recall: async (key) => kept.get(key),
      remember: async (key, family) => {
        kept.set(key, family);
      },
    };
    const chosen = await chooseFamily(asHardware(), spec, network, memory);
    expect([...kept]).toEqual([["a GPU, 30-9-30, batch 16, kernels 2", chosen]]);
    const other = families.find((family) => family !== chosen) ?? chosen;
    kept.set("a GPU, 30-9-30, batch 16, kernels 2", other);
    expect(await chooseFamily(asHardware(), spec, network, memory)).toBe(other);
    kept.set("a GPU, 30-9-30, batch 16, kernels 2", "a family of another version");
    expect(families).toContain(await chooseFamily(asHardware(), spec, network, memory));
  });

  test("a software adapter takes the usual family at once; a forced one is taken anywhere", async () => {
    const large = autoencoder([28, 28], [512, 128, 512]);
    expect(await chooseFamily(gpu(), { ...spec, batch: 256 }, large)).toBe("tile16");
    expect(await chooseFamily(gpu(), { ...spec, batch: 1 }, large)).toBe("tile8");
    expect(await chooseFamily(gpu(), spec, network)).toBe("tile8");
    const trainer = await Trainer.create(gpu(), spec, blobData(37, 11, 6, 5), { family: "workgroup" });
    expect(trainer.family).toBe("workgroup");
    trainer.destroy();
  });
});
