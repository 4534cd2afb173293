import { describe, expect, test } from "vitest";
import { encodeModel, parseModel } from "../../src/formats/model-file.ts";
import { encodeSafetensors } from "../../src/formats/safetensors.ts";
import { parseTrainingNote, readableTrainingNote } from "../../src/formats/training-note.ts";
import { parseMask, usualBlend } from "../../src/spec/blind-spots.ts";
import { autoencoder } from "../../src/spec/network.ts";
import { parseNoise } from "../../src/spec/noise-text.ts";

const model = {
  network: autoencoder([1, 2], [1]),
  layers: [
    { weight: Float32Array.of(1, 2), bias: Float32Array.of(3) },
    { weight: Float32Array.of(4, 5), bias: Float32Array.of(6, 7) },
  ],
};
const fileOf = (training: string) => encodeSafetensors(new Map(), new Map([["training", training]]));

test("a model file says how its model was trained, and the model is the same", () => {
  const note = { noise: parseNoise("blur:1+gaussian:0.1..0.5+unclipped"), seed: 7 };
  const bytes = encodeModel(model, note);
  expect(parseTrainingNote(bytes, "m")).toEqual(note);
  expect(parseModel(bytes, "m")).toEqual(model);
});

test.each([
  ["1x1", "auto"],
  ["31x1", 1],
] as const)("a model that learned from blind spots says so, with the mask %s", (mask, blend) => {
  const note = { noise: parseNoise("none"), seed: 7, selfSupervised: true, mask: parseMask(mask) };
  const found = parseTrainingNote(encodeModel(model, note), "m");
  expect(found).toEqual(note);
  expect(usualBlend(found)).toBe(blend);
});

test("a model file without a note is unchanged", () => {
  expect(parseTrainingNote(encodeModel(model), "m")).toBeUndefined();
});

test("where notes of other programs are ignored, an invalid one is none", () => {
  expect(readableTrainingNote(fileOf("adam, 20 epochs"), "m")).toBeUndefined();
  expect(readableTrainingNote(fileOf('{"noise":"none","seed":3}'), "m")).toMatchObject({ seed: 3 });
});

describe("an invalid note is refused in a sentence that names the file", () => {
  test.each([
    ["[]", /^The training in m is not a JSON object\.$/],
    ['{"seed":0}', /^The training in m must have a noise in words, but has undefined\.$/],
    ['{"noise":"salt","seed":0}', /^The training in m cannot be used: The noise "salt" is not known/],
    ['{"noise":"gaussian:11","seed":0}', /^The training in m cannot be used: The factor of Gaussian noise/],
    ['{"noise":"none","seed":-1}', /^The training in m must have a seed from 0 to 4294967295, but has -1\.$/],
    [
      '{"noise":"none","seed":"0"}',
      /^The training in m must have a seed from 0 to 4294967295, but has "0"\.$/,
    ],
    [
      '{"noise":"none","seed":0,"blindSpots":true}',
      /^The blind spots of the training in m must be a mask in words/,
    ],
    [
      '{"noise":"none","seed":0,"blindSpots":"4x1"}',
      /^The training in m cannot be used: The sides of the mask/,
    ],
  ])("%s", (json, message) => {
    expect(() => parseTrainingNote(fileOf(json), "m")).toThrow(message);
  });
});
