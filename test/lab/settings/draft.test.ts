import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { draftOf, networkOf, readDraft, sameSpec } from "../../../src/lab/settings/draft.ts";
import { adadeltaPresetOf, numbersDraft } from "../../../src/lab/settings/draft-parts.ts";
import { parseLayers } from "../../../src/spec/layer-text.ts";
import { denseLayers } from "../../../src/spec/layers.ts";
import { autoencoder } from "../../../src/spec/network.ts";
import { adadeltaPresets, defaultAdam } from "../../../src/spec/optimizer.ts";
import { defaultTraining, type TrainingSpec } from "../../../src/spec/settings.ts";
import { trainings } from "./trainings.ts";

const images = { count: 8000, rows: 28, columns: 28 };

describe("the draft of the settings", () => {
  test("made from the defaults reads as the defaults", () => {
    expect(readDraft(draftOf(defaultTraining), images)).toEqual({ spec: defaultTraining, faults: new Map() });
  });

  test("reads every field", () => {
    const spec = {
      ...defaultTraining,
      hidden: denseLayers(512, 128, 512),
      loss: "mse",
      noise: { stages: [{ kind: "gaussian", setting: 0.25 }], clip: true },
      shift: 2,
      fixedNoise: true,
      epochs: 3,
      batch: 64,
      shuffle: false,
      optimizer: { name: "adadelta", lr: 0.5, rho: 0.9, epsilon: 1e-6 },
      seed: 4_294_967_295,
    } as const;
    const reading = readDraft(draftOf(spec), images);
    expect(reading.spec).toEqual(spec);
    expect(sameSpec(spec, defaultTraining)).toBe(false);
  });

  test.each(["512,128,512", "512 128 512", " 512, 128,512 ", "512;128; 512"])(
    "accepts the widths %j",
    (hidden) => {
      expect(readDraft({ ...draftOf(defaultTraining), hidden }, images).spec?.hidden).toEqual(
        denseLayers(512, 128, 512),
      );
    },
  );

  test.each(["-3", "3,,4", "512-128-512", "32,", ""])(
    "refuses the widths %j, as the command line does",
    (hidden) => {
      const { spec, faults } = readDraft({ ...draftOf(defaultTraining), hidden }, images);
      expect(spec).toBeUndefined();
      expect([...faults.keys()]).toEqual(["hidden"]);
    },
  );

  test("reads blocks and the noise map of convolutions", () => {
    const spec = {
      ...defaultTraining,
      hidden: parseLayers("unet:4"),
      ...{ block: 2, noiseMap: true },
      noise: { stages: [{ kind: "gaussian", setting: [0, 0.5] }], clip: true },
    } as const;
    const pictures = { count: 8000, rows: 32, columns: 32 };
    expect(readDraft(draftOf(spec), pictures)).toEqual({ spec, faults: new Map() });
    const { faults } = readDraft(draftOf(spec), images);
    expect([...faults.keys()]).toEqual(["hidden"]);
    expect(faults.get("hidden")).toMatch(/^A convolution with stride 2 needs even sides/);
    expect([...readDraft({ ...draftOf(spec), block: "x" }, pictures).faults.keys()]).toEqual(["block"]);
    expect([...readDraft({ ...draftOf(spec), noiseChoice: "speckle" }, pictures).faults.keys()]).toEqual([
      "hidden",
    ]);
    expect([...readDraft({ ...draftOf(spec), hidden: "32" }, pictures).faults.keys()]).toEqual(["hidden"]);
  });

  test("has one sentence for every invalid field, and no settings", () => {
    const draft = {
      ...draftOf(defaultTraining),
      noise: "11",
      epochs: "",
      batch: "9000",
      adadeltaRho: "x",
      seed: "1.5",
    };
    const { spec, faults } = readDraft(draft, images);
    expect(spec).toBeUndefined();
    expect([...faults.keys()].sort()).toEqual(["adadeltaRho", "batch", "epochs", "noise", "seed"]);
    expect(faults.get("epochs")).toBe("The number of epochs must be a number, but nothing is given.");
    expect(faults.get("noise")).toContain("from 0 to 10, but it is 11.");
    expect(faults.get("batch")).toContain("9000");
    for (const sentence of faults.values()) expect(sentence).toMatch(/^[^.].*\.$/);
  });

  test("marks only the batch if there are fewer images than the default batch", () => {
    const few = { count: 16, rows: 3, columns: 4 };
    const draft = draftOf(defaultTraining);
    expect([...readDraft(draft, few).faults.keys()]).toEqual(["batch"]);
    expect(readDraft({ ...draft, batch: "5" }, few).spec).toEqual({ ...defaultTraining, batch: 5 });
  });

  test("identifies the framework whose Adadelta defaults it has", () => {
    const draft = draftOf(defaultTraining);
    expect(adadeltaPresetOf(draft)).toBe("keras2");
    expect(adadeltaPresetOf({ ...draft, ...numbersDraft(adadeltaPresets.keras3) })).toBe("keras3");
    expect(adadeltaPresetOf({ ...draft, adadeltaRho: "0.9" })).toBeUndefined();
  });

  test("made from any run reads as that run, for everything that the page offers", () => {
    fc.assert(
      fc.property(trainings, (spec) => {
        expect(readDraft(draftOf(spec), { ...images, count: 65_536 })).toEqual({ spec, faults: new Map() });
      }),
    );
  });

  test("distinguishes runs by any setting", () => {
    const changes: Partial<TrainingSpec>[] = [
      { initialization: "he" },
      { optimizer: defaultAdam },
      { optimizer: { ...adadeltaPresets.keras2, rho: 0.9 } },
      { schedule: { kind: "cosine" } },
      { schedule: { kind: "step", epochs: 30, factor: 0.1 } },
      { schedule: { kind: "step", epochs: 30, factor: 0.5 } },
      { loss: "mse" },
      { loss: "mse", output: "linear" },
      { optimizer: { ...defaultAdam, beta2: 0.99 } },
    ];
    const specs = [defaultTraining, ...changes.map((change) => ({ ...defaultTraining, ...change }))];
    specs.forEach((a, i) => {
      specs.forEach((b, j) => {
        expect(sameSpec(a, b)).toBe(i === j);
      });
    });
  });

  test("marks layers that are too narrow for weights that pass on every pixel", () => {
    const draft = { ...draftOf(defaultTraining), initialization: "identity" } as const;
    expect([...readDraft(draft, images).faults.keys()]).toEqual(["hidden"]);
    expect(readDraft({ ...draft, hidden: "784" }, images).faults.size).toBe(0);
  });

  test("keeps the values typed for the other optimizer, and does not check them", () => {
    const draft = {
      ...draftOf(defaultTraining),
      adadeltaLr: "fast",
      adamBeta1: "0.8",
      optimizer: "adam",
    } as const;
    expect(readDraft(draft, images)).toEqual({
      spec: { ...defaultTraining, optimizer: { ...defaultAdam, beta1: 0.8 } },
      faults: new Map(),
    });
    expect([...readDraft({ ...draft, optimizer: "adadelta" }, images).faults.keys()]).toEqual(["adadeltaLr"]);
  });

  test("reads the numbers of the schedule only if the schedule has steps", () => {
    const draft = { ...draftOf(defaultTraining), stepEpochs: "1.5", stepFactor: "2" };
    expect(readDraft({ ...draft, schedule: "cosine" }, images).faults.size).toBe(0);
    const { faults } = readDraft({ ...draft, schedule: "step" }, images);
    expect([...faults.keys()]).toEqual(["stepEpochs", "stepFactor"]);
    expect(faults.get("stepEpochs")).toContain("but it is 1.5.");
    expect(faults.get("stepFactor")).toContain("but it is 2.");
  });

  test("reports at the output that cross-entropy needs a sigmoid", () => {
    const draft = { ...draftOf(defaultTraining), output: "linear" } as const;
    const { faults } = readDraft(draft, images);
    expect([...faults.keys()]).toEqual(["output"]);
    expect(faults.get("output")).toContain("but the output is linear");
    expect(readDraft({ ...draft, loss: "mse" }, images).faults.size).toBe(0);
  });

  test("has a network if its widths can be read, even if other fields are invalid", () => {
    const draft = { ...draftOf(defaultTraining), epochs: "none", hidden: "64, 16, 64" };
    expect(networkOf(draft, [4, 5])).toEqual(autoencoder([4, 5], [64, 16, 64]));
    expect(networkOf({ ...draft, hidden: "64, " }, [4, 5])).toBeUndefined();
    expect(networkOf({ ...draft, hidden: "65537" }, [4, 5])).toBeUndefined();
  });
});
