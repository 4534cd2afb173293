import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { InputError } from "../../src/spec/input-error.ts";
import { checkNoise, maxNoiseStages, type NoiseStage, noNoise } from "../../src/spec/noise.ts";
import { noiseKindNames, noiseKinds, noiseTable } from "../../src/spec/noise-kinds.ts";
import { formatNoise, parseNoise, readNoise } from "../../src/spec/noise-text.ts";

/** Any stage with a setting in range; blur is only allowed as the first stage. */
const anyStage = (kinds: typeof noiseKindNames) =>
  fc.constantFrom(...kinds).chain((kind): fc.Arbitrary<NoiseStage> => {
    const number = fc.double({ min: noiseKinds[kind].min, max: noiseKinds[kind].max, noNaN: true });
    const range = fc.tuple(number, number).map(([a, b]) => [Math.min(a, b), Math.max(a, b)] as const);
    const powers = fc.integer({ min: -4, max: 4 }).filter((power) => power !== 0);
    const powered = fc
      .tuple(range, powers)
      .map(([[low, high], power]) => [power < 0 ? Math.max(low, high / 1e5) : low, high, power] as const);
    return fc.oneof(number, range, powered).map((setting) => ({ kind, setting }));
  });

const anyNoise = fc
  .tuple(
    anyStage(noiseKindNames),
    fc.array(anyStage(noiseKindNames.filter((kind) => kind !== "blur")), { maxLength: maxNoiseStages - 1 }),
    fc.boolean(),
  )
  .map(([first, others, clip]) => ({ stages: [first, ...others], clip }));

describe("the text form", () => {
  test("of any noise is read as the same noise", () => {
    fc.assert(
      fc.property(anyNoise, (noise) => {
        expect(parseNoise(formatNoise(noise))).toEqual(noise);
      }),
    );
    expect(parseNoise(formatNoise(noNoise))).toEqual(noNoise);
  });

  test("of any kind is read, or refused in one sentence", () => {
    const words = fc.constantFrom(
      "gaussian",
      "blur",
      "none",
      "unclipped",
      ":",
      "+",
      "..",
      "^",
      "-2",
      "0.5",
      "-1",
      "1e9",
      " ",
      "x",
    );
    fc.assert(
      fc.property(fc.array(words, { maxLength: 8 }), (parts) => {
        const text = parts.join("");
        try {
          expect(formatNoise(parseNoise(text))).toEqual(
            formatNoise(parseNoise(formatNoise(parseNoise(text)))),
          );
        } catch (error) {
          expect(error).toBeInstanceOf(InputError);
          expect((error as InputError).message).toMatch(/^[A-Z][^\n]*[^.]\.$/);
        }
      }),
    );
  });

  test.each([
    ["none", noNoise],
    ["gaussian:0.5", { stages: [{ kind: "gaussian", setting: 0.5 }], clip: true }],
    ["gaussian", { stages: [{ kind: "gaussian", setting: 0.5 }], clip: true }],
    [
      " blur : 1 + gaussian:.1 ",
      {
        stages: [
          { kind: "blur", setting: 1 },
          { kind: "gaussian", setting: 0.1 },
        ],
        clip: true,
      },
    ],
    ["gaussian:0.1..0.6", { stages: [{ kind: "gaussian", setting: [0.1, 0.6] }], clip: true }],
    ["gaussian:0.1..0.6^-2", { stages: [{ kind: "gaussian", setting: [0.1, 0.6, -2] }], clip: true }],
    ["gaussian: 0.1 .. 0.6 ^ 0 ", { stages: [{ kind: "gaussian", setting: [0.1, 0.6] }], clip: true }],
    ["salt-pepper:0.1+unclipped", { stages: [{ kind: "salt-pepper", setting: 0.1 }], clip: false }],
    [
      "poisson-gaussian:10..40:0.02",
      {
        stages: [
          { kind: "poisson", setting: [10, 40] },
          { kind: "gaussian", setting: 0.02 },
        ],
        clip: true,
      },
    ],
    ["speckle:1e-3", { stages: [{ kind: "speckle", setting: 0.001 }], clip: true }],
  ] as const)("%s is read", (text, noise) => {
    expect(parseNoise(text)).toEqual(noise);
  });

  test("of sensor noise gives its two stages", () => {
    expect(formatNoise(parseNoise("poisson-gaussian:30:0.02+unclipped"))).toBe(
      "poisson:30+gaussian:0.02+unclipped",
    );
  });

  test.each([
    [
      "salt",
      /^The noise "salt" is not known: write none, gaussian:0\.5, .*bands:0\.1, poisson-gaussian:30:0\.02, or several joined by \+\.$/,
    ],
    ["", /is not known/],
    ["gaussian:0.5:0.1", /is not known/],
    ["gaussian:0.5+none", /is not known/],
    ["unclipped", /is not known/],
    ["none+unclipped", /is not known/],
    ["unclipped+gaussian:1", /is not known/],
    ["gaussian:0.1+", /is not known/],
    ["gaussian:abc", /^The noise "gaussian:abc" cannot be read: "abc" is not a number\.$/],
    ["gaussian:", /"" is not a number\.$/],
    ["gaussian:0x1", /"0x1" is not a number\.$/],
    ["gaussian:Infinity", /"Infinity" is not a number\.$/],
    ["gaussian:0.1..", /"" is not a number\.$/],
    ["gaussian:1..2..3", /a range is two numbers, but "1\.\.2\.\.3" has 3\.$/],
    ["gaussian:1..2^", /"" is not a number\.$/],
    ["gaussian:1..2^2^2", /a range has one power, but "1\.\.2\^2\^2" has 2\.$/],
    ["gaussian:1^2", /only a range can have a power, but "1\^2" is one number\.$/],
  ])("%j cannot be read", (text, sentence) => {
    expect(() => readNoise(text)).toThrow(InputError);
    expect(() => readNoise(text)).toThrow(sentence);
  });

  test.each([
    ["gaussian:11", "The factor of Gaussian noise must be a number from 0 to 10, but it is 11."],
    ["gaussian:0.5..11", "The factor of Gaussian noise must be a number from 0 to 10, but it is 11."],
    ["uniform:-1", "The amplitude of uniform noise must be a number from 0 to 10, but it is -1."],
    ["salt-pepper:1.5", "The share of salt and pepper must be a number from 0 to 1, but it is 1.5."],
    ["poisson:0", "The peak of Poisson noise must be a number from 0.1 to 1000000, but it is 0."],
    ["blur:4", "The sigma of blur must be a number from 0 to 3, but it is 4."],
    [
      "mask:0.6..0.1",
      "The share of masked pixels must be a range from a lower to an upper end, but it is 0.6..0.1.",
    ],
    ["gaussian:0.1..0.6^-5", "The power of a range must be a whole number from -4 to 4, but it is -5."],
    ["gaussian:0.1..0.6^0.5", "The power of a range must be a whole number from -4 to 4, but it is 0.5."],
    [
      "gaussian:0..0.5^-1",
      "The factor of Gaussian noise with a power below 0 must be a range that begins at 5e-7 or above, a millionth of its end, but it is 0..0.5^-1.",
    ],
    [
      "gaussian:0.1+blur:1",
      "Blur applies to the clean picture, so it must be the first stage, but it is stage 2.",
    ],
    [
      "gaussian:0+gaussian:0+gaussian:0+poisson-gaussian:1:0",
      "A noise has at most 4 stages, but 5 are given.",
    ],
  ])("%s is read, but its values are refused", (text, sentence) => {
    expect(() => checkNoise(readNoise(text))).toThrow(new InputError(sentence));
    expect(() => parseNoise(text)).toThrow(sentence);
  });
});

test("the table has every form, and each of them can be read with its standard settings", () => {
  const forms = noiseTable().map(([form]) => form.split(":")[0] ?? "");
  expect(new Set(forms)).toEqual(new Set(["none", ...noiseKindNames, "poisson-gaussian"]));
  for (const name of forms) expect(() => parseNoise(name)).not.toThrow();
});
