import { describe, expect, test } from "vitest";
import { draftOf, anyImages as imagesFor, readDraft } from "../../../src/lab/settings/draft.ts";
import { presetDraft, presetNames, presetOf, presets } from "../../../src/lab/settings/presets.ts";
import { denseLayers } from "../../../src/spec/layers.ts";
import { defaultTraining } from "../../../src/spec/settings.ts";

/** Images with which every setting of dense layers is valid. */
const anyImages = imagesFor({ hidden: "32", block: "1" });

const digits = { count: 8000, rows: 28, columns: 28 };
const adam = { name: "adam", lr: 0.001, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 };
const adadelta = { name: "adadelta", lr: 1, rho: 0.95, epsilon: 1e-7 };

const conv = (channels: number, stride = 1) => ({ kind: "conv", channels, stride });

/** The settings of the presets, written out independently. */
const runs = {
  notebook: { hidden: denseLayers(32), loss: "bce", epochs: 100, batch: 128, optimizer: adadelta, seed: 0 },
  article: { hidden: denseLayers(64), loss: "bce", epochs: 100, optimizer: adadelta },
  fast: { hidden: denseLayers(256), epochs: 20, optimizer: adam, schedule: { kind: "cosine" } },
  deep: {
    hidden: denseLayers(512, 128, 512),
    initialization: "he",
    optimizer: adam,
    schedule: { kind: "cosine" },
  },
  convolutional: {
    hidden: [
      { kind: "conv", channels: 16, stride: 2 },
      { kind: "conv", channels: 8, stride: 2 },
      { kind: "up", channels: 8 },
      { kind: "up", channels: 16 },
    ],
    ...{ initialization: "he", epochs: 20, optimizer: adam, schedule: { kind: "cosine" } },
  },
  photo: {
    hidden: Array.from({ length: 7 }, () => ({ kind: "conv", channels: 32, stride: 1 })),
    ...{ output: "residual", loss: "mse", initialization: "he", epochs: 10, batch: 16 },
    noise: { stages: [{ kind: "gaussian", setting: 0.0980392157 }], clip: false },
    ...{ optimizer: adam, schedule: { kind: "cosine" } },
  },
  unet: {
    hidden: [
      ...[conv(16), conv(16), conv(32, 2), conv(32), conv(48, 2), conv(48)],
      ...[{ kind: "up", channels: 32, from: 4 }, conv(32), { kind: "up", channels: 16, from: 2 }, conv(16)],
    ],
    ...{ initialization: "he", epochs: 40, optimizer: { ...adam, lr: 0.002 } },
    schedule: { kind: "cosine" },
  },
  wide: { hidden: denseLayers(1024), epochs: 100, optimizer: adam, schedule: { kind: "cosine" } },
  blind: {
    ...{ hidden: denseLayers(32), epochs: 100, optimizer: adam, schedule: { kind: "cosine" } },
    noise: { stages: [{ kind: "gaussian", setting: [0.1, 0.6, -2] }], clip: true },
  },
  keras3: { hidden: denseLayers(32), epochs: 100, optimizer: { ...adadelta, lr: 0.001 } },
  "squared-error": { hidden: denseLayers(32), loss: "mse", output: "sigmoid", optimizer: adadelta },
} as const;

describe("the presets", () => {
  test.each(presetNames)("%s reads without errors as the run it describes", (name) => {
    const { spec, faults } = readDraft(presetDraft(name), digits);
    expect(faults).toEqual(new Map());
    expect(spec).toMatchObject(runs[name]);
    expect(presetOf(presetDraft(name))).toBe(name);
  });

  test("each have a line that describes them", () => {
    expect(Object.keys(runs)).toEqual(presetNames);
    const lines = presetNames.map((name) => presets[name].help);
    expect(new Set(lines).size).toBe(lines.length);
    for (const line of lines) expect(line).toMatch(/^[A-Z0-9].*\.$/);
  });

  test("include the page's initial one, the notebook", () => {
    expect(presetOf(draftOf(defaultTraining))).toBe("notebook");
    expect(readDraft(presetDraft("notebook"), anyImages).spec).toEqual(defaultTraining);
  });

  test("are recognized by the values read, not by how they are typed", () => {
    const draft = presetDraft("deep");
    expect(presetOf({ ...draft, hidden: "512 128  512", epochs: " 2e1" })).toBe("deep");
    expect(presetOf({ ...draft, hidden: "512, 128, 256" })).toBeUndefined();
    expect(presetOf({ ...draft, seed: "1" })).toBeUndefined();
    expect(presetOf({ ...draft, seed: "" })).toBeUndefined();
    // Adadelta's settings have no effect on Adam.
    expect(presetOf({ ...draft, adadeltaLr: "0.5" })).toBe("deep");
  });
});
