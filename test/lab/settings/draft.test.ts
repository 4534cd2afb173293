import { describe, expect, test } from "vitest";
import { draftOf, presetDraft, presetOf, readDraft, sameSpec } from "../../../src/lab/settings/draft.ts";
import { adadeltaPresets } from "../../../src/spec/optimizer.ts";
import { defaultTraining } from "../../../src/spec/training.ts";

const images = { count: 8000, rows: 28, columns: 28 };

describe("the settings' draft", () => {
  test("of the defaults reads as the defaults", () => {
    expect(readDraft(draftOf(defaultTraining), images)).toEqual({ spec: defaultTraining, faults: new Map() });
  });

  test("reads every field", () => {
    const spec = {
      ...defaultTraining,
      hidden: [512, 128, 512],
      loss: "mse",
      noise: { stages: [{ kind: "gaussian", setting: 0.25 }], clip: true },
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
    "takes the widths %j",
    (hidden) => {
      expect(readDraft({ ...draftOf(defaultTraining), hidden }, images).spec?.hidden).toEqual([
        512, 128, 512,
      ]);
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

  test("gives every faulty field its own sentence, and no settings", () => {
    const draft = {
      ...draftOf(defaultTraining),
      noise: "11",
      epochs: "",
      batch: "9000",
      rho: "x",
      seed: "1.5",
    };
    const { spec, faults } = readDraft(draft, images);
    expect(spec).toBeUndefined();
    expect([...faults.keys()].sort()).toEqual(["batch", "epochs", "noise", "rho", "seed"]);
    expect(faults.get("epochs")).toBe("The number of epochs must be a number, but nothing is given.");
    expect(faults.get("noise")).toContain("from 0 to 10, but it is 11.");
    expect(faults.get("batch")).toContain("9000");
    for (const sentence of faults.values()) expect(sentence).toMatch(/^[^.].*\.$/);
  });

  test("finds fault with the batch alone where there are fewer images than the default batch", () => {
    const few = { count: 16, rows: 3, columns: 4 };
    const draft = draftOf(defaultTraining);
    expect([...readDraft(draft, few).faults.keys()]).toEqual(["batch"]);
    expect(readDraft({ ...draft, batch: "5" }, few).spec).toEqual({ ...defaultTraining, batch: 5 });
  });

  test("knows the presets", () => {
    const draft = draftOf(defaultTraining);
    expect(presetOf(draft)).toBe("keras2");
    expect(presetOf({ ...draft, ...presetDraft(adadeltaPresets.keras3) })).toBe("keras3");
    expect(presetOf({ ...draft, rho: "0.9" })).toBeUndefined();
  });
});
