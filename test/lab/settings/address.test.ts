import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { formatAddress, readAddress } from "../../../src/lab/settings/address.ts";
import { anyImages as imagesFor, openingDigits } from "../../../src/lab/settings/draft.ts";
import { denseLayers } from "../../../src/spec/layers.ts";
import { parseNoise } from "../../../src/spec/noise-text.ts";
import { defaultAdam } from "../../../src/spec/optimizer.ts";
import { defaultTraining } from "../../../src/spec/settings.ts";
import { checkTraining } from "../../../src/spec/training.ts";
import { anyText } from "../../support/any-text.ts";
import { trainings } from "./trainings.ts";

/** Images with which every setting of dense layers is valid. */
const anyImages = imagesFor({ hidden: "32", block: "1" });

describe("the settings in the address", () => {
  test("are empty if all have their defaults", () => {
    expect(formatAddress(defaultTraining)).toBe("");
    expect(readAddress("", openingDigits)).toEqual({ spec: defaultTraining, fault: undefined });
  });

  test("have the names of the command line's options, and only those that differ are included", () => {
    const spec = {
      ...defaultTraining,
      hidden: denseLayers(512, 128, 512),
      noise: parseNoise("blur:1+gaussian:0.1..0.3"),
      fixedNoise: true,
      shuffle: false,
      optimizer: { ...defaultAdam, lr: 0.002 },
      schedule: { kind: "step", epochs: 30, factor: 0.1 },
      seed: 7,
    } as const;
    const address =
      "noise=blur:1+gaussian:0.1..0.3&fixed-noise&hidden=512,128,512&no-shuffle&optimizer=adam&lr=0.002&schedule=step:30:0.1&seed=7";
    expect(formatAddress(spec)).toBe(address);
    expect(readAddress(address, anyImages)).toEqual({ spec, fault: undefined });
  });

  test("are restored for any run, also after the address was part of a URL", () => {
    fc.assert(
      fc.property(trainings, (spec) => {
        const address = formatAddress(spec);
        expect(readAddress(address, anyImages)).toEqual({ spec, fault: undefined });
        const url = new URL("https://example.org/page/?profile");
        url.hash = address;
        expect(readAddress(url.hash.slice(1), anyImages).spec).toEqual(spec);
        expect(
          readAddress(encodeURIComponent(address).replaceAll("%3D", "=").replaceAll("%26", "&"), anyImages)
            .spec,
        ).toEqual(spec);
      }),
    );
  });

  test("are checked against the number and the size of the images", () => {
    expect(readAddress("batch=8000", openingDigits)).toEqual({
      spec: { ...defaultTraining, batch: 8000 },
      fault: undefined,
    });
    expect(readAddress("batch=8001", openingDigits)).toEqual({
      spec: defaultTraining,
      fault: 'The address has a setting that cannot be used and was left out: "batch=8001".',
    });
    expect(readAddress("batch=8001", { ...openingDigits, count: 60_000 }).fault).toBeUndefined();
    // With few images even the default batch is too large. The settings themselves report this.
    expect(
      readAddress("noise=gaussian:0.3&shift=2&batch=32&seed=7", { ...openingDigits, count: 50 }),
    ).toEqual({
      spec: { ...defaultTraining, noise: parseNoise("gaussian:0.3"), shift: 2, batch: 32, seed: 7 },
      fault: undefined,
    });
    expect(readAddress("seed=7", { ...openingDigits, count: 50 }).spec.seed).toBe(7);
    expect(readAddress("hidden=784&initialization=identity", openingDigits)).toEqual({
      spec: { ...defaultTraining, hidden: denseLayers(784), initialization: "identity" },
      fault: undefined,
    });
    expect(readAddress("hidden=783&initialization=identity", openingDigits)).toEqual({
      spec: { ...defaultTraining, hidden: denseLayers(783) },
      fault: 'The address has a setting that cannot be used and was left out: "initialization=identity".',
    });
  });

  test("can be in any order", () => {
    const spec = {
      ...defaultTraining,
      loss: "mse",
      output: "linear",
      optimizer: { ...defaultAdam, beta1: 0.8 },
    };
    expect(readAddress("beta1=0.8&output=linear&optimizer=adam&loss=mse", openingDigits)).toEqual({
      spec,
      fault: undefined,
    });
  });

  test.each([
    ["hidden=many&seed=7", '"hidden=many"'],
    ["seed=7&lr=NaN", '"lr=NaN"'],
    ["seed=7&lr=Infinity", '"lr=Infinity"'],
    ["seed=7&epochs=0", '"epochs=0"'],
    ["seed=7&batch=65537", '"batch=65537"'],
    ["seed=7&seed=8", '"seed=8"'],
    ["seed=7&hidden=", '"hidden"'],
    ["seed=7&loss=hinge", '"loss=hinge"'],
    ["seed=7&loss=toString", '"loss=toString"'],
    ["seed=7&output=linear", '"output=linear"'],
    ["seed=7&beta1=0.8", '"beta1=0.8"'],
    ["seed=7&noise=hail:1", '"noise=hail:1"'],
    ["seed=7&schedule=linear", '"schedule=linear"'],
    ["seed=7&no-shuffle=no", '"no-shuffle=no"'],
    ["seed=7&__proto__=x", '"__proto__=x"'],
    ["seed=7&constructor", '"constructor"'],
    ["seed=7&%E0%A4%A=1", '"\ufffd%A=1"'],
    ["seed=7&\ud800", '"\ufffd"'],
    ["seed=7&=", '""'],
  ])("of %j are used except invalid ones, which are named", (address, name) => {
    expect(readAddress(address, anyImages)).toEqual({
      spec: { ...defaultTraining, seed: 7 },
      fault: `The address has a setting that cannot be used and was left out: ${name}.`,
    });
  });

  test("that are invalid are named, but only a few of many, and long ones are truncated", () => {
    const { spec, fault } = readAddress(`a=${"𝒳".repeat(100)}&b&c&d&e&f&epochs=3`, openingDigits);
    expect(spec.epochs).toBe(3);
    expect(fault).toBe(
      `The address has settings that cannot be used and were left out: "a=${"𝒳".repeat(38)}…", "b", "c", "d", and 2 more.`,
    );
  });

  test("are not read if they are a megabyte long", () => {
    const { spec, fault } = readAddress(`seed=7&hidden=${"1,".repeat(500_000)}1`, openingDigits);
    expect(spec).toEqual(defaultTraining);
    expect(fault).toContain("1000015 characters long, but at most 4096 are read");
  });

  test("are valid for any address, and reading them again gives the same", () => {
    const keys = fc.constantFrom(
      ...[
        "hidden",
        "noise",
        "lr",
        "optimizer",
        "schedule",
        "loss",
        "output",
        "seed",
        "rho",
        "__proto__",
        "no-shuffle",
      ],
    );
    const values = fc.oneof(
      anyText(),
      fc.double().map(String),
      fc.constantFrom("adam", "mse", "linear", "residual", "cosine", "step:3:0.5", "64,8,64", "mask:0.5", ""),
    );
    const pairs = fc.array(fc.tuple(keys, values).map(([key, value]) => `${key}=${value}`));
    const addresses = fc.oneof(
      anyText(),
      pairs.map((given) => given.join("&")),
    );
    fc.assert(
      fc.property(addresses, (address) => {
        const { spec, fault } = readAddress(address, anyImages);
        expect(() => checkTraining(spec, anyImages)).not.toThrow();
        expect(readAddress(formatAddress(spec), anyImages)).toEqual({ spec, fault: undefined });
        if (fault !== undefined) expect(fault).toMatch(/^The .*\.$/s);
      }),
      { numRuns: 300 },
    );
  });
});
