import { describe, expect, test } from "vitest";
import { formatAddress, readAddress } from "../../../src/lab/settings/address.ts";
import { type Draft, draftOf, openingDigits, readDraft } from "../../../src/lab/settings/draft.ts";
import {
  chosenSource,
  fittedSource,
  type LearnsFrom,
  learnsFrom,
  sources,
} from "../../../src/lab/settings/learns-from.ts";
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

  test("other images change the noise of blind spots only", () => {
    expect(fittedSource(start, { own: true })).toEqual({});
    const noisy = choose(start, "noisy");
    const withOwn = { ...noisy, ...fittedSource(noisy, { own: true }) };
    expect(specFor(withOwn, digits).noise).toEqual(noNoise);
    const withDigits = { ...withOwn, ...fittedSource(withOwn, { own: false }) };
    expect(specFor(withDigits, digits)).toMatchObject({ noise: defaultTraining.noise, fixedNoise: true });
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
