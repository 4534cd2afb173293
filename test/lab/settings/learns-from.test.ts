import { describe, expect, test } from "vitest";
import { formatAddress, readAddress } from "../../../src/lab/settings/address.ts";
import { type Draft, draftOf, openingDigits, readDraft } from "../../../src/lab/settings/draft.ts";
import {
  chosenSource,
  fittedSource,
  type LearnsFrom,
  learnsFrom,
  presetFor,
  presetOf,
  sources,
} from "../../../src/lab/settings/presets.ts";
import { parseLayers } from "../../../src/spec/layer-text.ts";
import { noNoise } from "../../../src/spec/noise.ts";
import { defaultTraining } from "../../../src/spec/settings.ts";
import { checkRun } from "../../../src/training/run-data.ts";

const digits = { own: false, rows: 28, columns: 28 };
const own = { own: true, rows: 30, columns: 20 };

const choose = (draft: Draft, source: LearnsFrom, images = digits): Draft => ({
  ...draft,
  ...chosenSource(draft, source, images),
});

const start = draftOf(defaultTraining);

/** The spec that the form describes; the trainer's own check must accept it for such images. */
function specFor(draft: Draft, { rows, columns }: typeof digits) {
  const { spec, faults } = readDraft(draft, { count: 8000, rows, columns });
  expect(faults).toEqual(new Map());
  if (!spec) throw new Error("The draft has no settings.");
  const set = { name: "made", count: 8000, rows, columns, pixels: new Uint8Array() };
  checkRun(spec, { train: set, validation: set });
  return spec;
}

describe("what the network learns from", () => {
  test("is clean pictures in every preset and by default", () => {
    expect(learnsFrom(start)).toBe("clean");
    expect(sources.map(({ value }) => value)).toContain(learnsFrom(start));
  });

  test("noisy digits alone replace dense layers by the convolutional preset, and have their noise once", () => {
    const draft = choose(start, "noisy");
    expect(learnsFrom(draft)).toBe("noisy");
    expect(specFor(draft, digits)).toMatchObject({
      selfSupervised: true,
      hidden: parseLayers("conv:16/2,conv:8/2,up:8,up:16"),
      initialization: "he",
      optimizer: { name: "adam" },
      schedule: { kind: "cosine" },
      noise: defaultTraining.noise,
      fixedNoise: true,
    });
  });

  test("the user's noisy pictures get no more noise, and layers that suit their size", () => {
    const spec = specFor(choose(start, "noisy", own), own);
    expect(spec.noise).toEqual(noNoise);
    expect(spec.hidden).toEqual(parseLayers("conv:16x4"));
  });

  test("convolutions stay as they are, without their noise map", () => {
    const draft = { ...start, hidden: "conv:8x3", noiseMap: true, epochs: "7", noise: "0.2" };
    const spec = specFor(choose(draft, "noisy"), digits);
    expect(spec).toMatchObject({ hidden: parseLayers("conv:8x3"), noiseMap: false, epochs: 7 });
    expect(spec.noise.stages).toEqual([{ kind: "gaussian", setting: 0.2 }]);
  });

  test("clean pictures again get fresh noise, and no mask is left", () => {
    const noisy = { ...choose(start, "noisy", own), mask: "5x1" };
    expect(specFor(noisy, own).mask).toEqual({ columns: 5, rows: 1 });
    const spec = specFor(choose(noisy, "clean", own), own);
    expect(spec).toMatchObject({
      selfSupervised: false,
      mask: { columns: 1, rows: 1 },
      fixedNoise: false,
      noise: defaultTraining.noise,
    });
  });

  test("other images change the noise of blind spots, and layers that do not suit their sides", () => {
    expect(fittedSource(start, own)).toEqual({});
    const noisy = choose(start, "noisy");
    const withOwn = { ...noisy, ...fittedSource(noisy, own) };
    expect(specFor(withOwn, own)).toMatchObject({ noise: noNoise, hidden: parseLayers("conv:16x4") });
    const withDigits = { ...withOwn, ...fittedSource(withOwn, digits) };
    expect(specFor(withDigits, digits)).toMatchObject({ noise: defaultTraining.noise, fixedNoise: true });
  });

  test.each(["pairs", "shots"] as const)(
    "%s get no noise, and return to clean pictures with the digits",
    (source) => {
      const draft = choose({ ...start, noiseMap: true, hidden: "conv:8x3" }, source, own);
      expect(learnsFrom(draft)).toBe(source);
      const { spec, faults } = readDraft(draft, { ...own, count: 8000, twins: true });
      expect(faults).toEqual(new Map());
      if (!spec) throw new Error("The draft has no settings.");
      expect(spec).toMatchObject({ noise2noise: source === "shots", noise: noNoise, noiseMap: false });
      const set = { name: "made", count: 8000, rows: 30, columns: 20, pixels: new Uint8Array() };
      checkRun(spec, { train: set, validation: set, noisyTrain: set, noisyValidation: set });
      expect(draftOf(spec, true)).toMatchObject({ twins: source });

      expect(fittedSource(draft, own)).toEqual({});
      const back = { ...draft, ...fittedSource(draft, digits) };
      expect(learnsFrom(back)).toBe("clean");
      expect(specFor(back, digits)).toMatchObject({ noise2noise: false, noise: defaultTraining.noise });
      expect(learnsFrom(choose(draft, "noisy", own))).toBe("noisy");
    },
  );

  test("images without twins, or with unused ones, are one error at the source", () => {
    const read = (draft: Draft, twins: boolean) => {
      const { spec, faults } = readDraft(draft, { ...own, count: 8000, twins });
      expect([...faults.keys()]).toEqual(spec ? [] : ["source"]);
      return faults.get("source");
    };
    expect(read(choose(start, "pairs", own), false)).toContain("Pairs are images of your own");
    expect(read(choose(start, "shots", own), false)).toContain("Two shots are images of your own");
    expect(read({ ...start, noiseChoice: "none", noise: "" }, true)).toContain(
      "These images have noisy twins",
    );
    expect(read({ ...start, noiseChoice: "none", noise: "" }, false)).toBeUndefined();
    expect(read(start, true)).toBeUndefined();
    expect(read(choose(start, "noisy", own), true)).toBeUndefined();
  });

  test("stays when a preset is chosen, unless the preset has dense layers and only noisy pictures", () => {
    const pairs = presetFor("wide", choose(start, "pairs", own), own);
    expect([learnsFrom(pairs), presetOf(pairs), pairs.noiseChoice]).toEqual(["pairs", "wide", "none"]);
    const noisy = { ...choose(start, "noisy"), mask: "5x1" };
    const unet = presetFor("unet", noisy, digits);
    expect([learnsFrom(unet), presetOf(unet), unet.mask]).toEqual(["noisy", "unet", "5x1"]);
    const wide = presetFor("wide", noisy, digits);
    expect([learnsFrom(wide), presetOf(wide)]).toEqual(["clean", "wide"]);
  });

  test.each([
    ["4x1", "must be odd numbers from 1 to 31"],
    ["5", "must be columns x rows, as 5x1"],
    ["25x1", "needs images of at least 29 x 5 pixels"],
  ])("the mask %j is refused at its field", (mask, sentence) => {
    const { spec, faults } = readDraft({ ...choose(start, "noisy"), mask }, openingDigits);
    expect(spec).toBeUndefined();
    expect([...faults.keys()]).toEqual(["mask"]);
    expect(faults.get("mask")).toContain(sentence);
  });

  test("dense layers are refused at the hidden layers", () => {
    const { faults } = readDraft({ ...choose(start, "noisy"), hidden: "32" }, openingDigits);
    expect(faults.get("hidden")).toContain("needs convolutions");
  });

  test("is in the address with its mask", () => {
    const spec = specFor({ ...choose(start, "noisy"), mask: "5x1" }, digits);
    const address = formatAddress(spec);
    expect(address).toContain("self-supervised&mask=5x1");
    expect(readAddress(address, openingDigits)).toEqual({ spec, fault: undefined });
    const { spec: read, fault } = readAddress("self-supervised&mask=5x1", openingDigits);
    expect(read).toEqual(defaultTraining);
    expect(fault).toContain('"self-supervised" and "mask=5x1"');
  });
});
