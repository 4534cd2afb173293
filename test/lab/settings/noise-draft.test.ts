import { describe, expect, test } from "vitest";
import {
  chosenNoise,
  noiseChoices,
  noiseDraftOf,
  readNoiseDraft,
} from "../../../src/lab/settings/draft-parts.ts";
import { noNoise } from "../../../src/spec/noise.ts";
import { formatNoise, parseNoise } from "../../../src/spec/noise-text.ts";

describe("the draft of the noise", () => {
  test.each([
    ["none", { noiseChoice: "none", noise: "" }],
    ["gaussian:0.5", { noiseChoice: "gaussian", noise: "0.5" }],
    ["gaussian:0.1..0.6", { noiseChoice: "gaussian", noise: "0.1..0.6" }],
    ["mask:0.3+unclipped", { noiseChoice: "mixture", noise: "mask:0.3+unclipped" }],
    ["blur:1+gaussian:0.1", { noiseChoice: "mixture", noise: "blur:1+gaussian:0.1" }],
  ] as const)("made from %s reads as that noise", (text, draft) => {
    expect(noiseDraftOf(parseNoise(text))).toEqual(draft);
    expect(readNoiseDraft(draft)).toEqual(parseNoise(text));
  });

  test("has an initial value for every choice", () => {
    const before = noiseDraftOf(parseNoise("gaussian:0.3"));
    for (const { value } of noiseChoices) {
      const draft = chosenNoise(before, value);
      expect(draft.noiseChoice).toBe(value);
      expect(() => readNoiseDraft(draft)).not.toThrow();
    }
    expect(formatNoise(readNoiseDraft(chosenNoise(before, "mixture")))).toBe("gaussian:0.3");
    expect(readNoiseDraft(chosenNoise(noiseDraftOf(noNoise), "mixture")).stages.length).toBeGreaterThan(1);
  });

  test("reports what is wrong", () => {
    expect(() => readNoiseDraft({ noiseChoice: "poisson", noise: "" })).toThrow('"" is not a number.');
    expect(() => readNoiseDraft({ noiseChoice: "mixture", noise: "hail:1" })).toThrow(
      'The noise "hail:1" is not known',
    );
  });
});
