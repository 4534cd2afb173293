import { describe, expect, test } from "vitest";
import { assignFiles, type ImagesFile, type LabelsFile } from "../../../src/lab/worker/image-files.ts";
import { InputError } from "../../../src/spec/input-error.ts";

function images(name: string, count: number): ImagesFile {
  const set = { name, count, rows: 1, columns: 1, pixels: new Uint8Array(count) };
  return { name, bytes: 16 + count, count, images: set };
}

function labels(name: string, count: number): LabelsFile {
  return { name, bytes: 8 + count, count, labels: new Uint8Array(count) };
}

/** The names in the order training, training labels, validation, validation labels. */
function parts(...files: (ImagesFile | LabelsFile)[]) {
  const { training, trainingLabels, validation, validationLabels } = assignFiles(files);
  return [training, trainingLabels, validation, validationLabels].map((file) => file?.name);
}

describe("files", () => {
  test("of MNIST are recognized in any order", () => {
    const mnist = [
      images("train-images-idx3-ubyte.gz", 60),
      labels("train-labels-idx1-ubyte.gz", 60),
      images("t10k-images-idx3-ubyte.gz", 10),
      labels("t10k-labels-idx1-ubyte.gz", 10),
    ];
    const expected = mnist.map(({ name }) => name);
    for (const first of mnist) {
      for (const second of mnist.filter((file) => file !== first)) {
        const [third, fourth] = mnist.filter((file) => file !== first && file !== second);
        if (!third || !fourth) throw new Error("Four files are to be told apart.");
        expect(parts(first, second, third, fourth)).toEqual(expected);
        expect(parts(first, second, fourth, third)).toEqual(expected);
      }
    }
  });

  test.each([
    ["one file", [images("a", 5)], ["a", undefined, undefined, undefined]],
    ["one file named for validation", [images("t10k", 5)], ["t10k", undefined, undefined, undefined]],
    ["one file with labels", [labels("l", 5), images("a", 5)], ["a", "l", undefined, undefined]],
    [
      "the smaller file is for validation",
      [images("a", 5), images("b", 6)],
      ["b", undefined, "a", undefined],
    ],
    [
      "of two equal files the later is for validation",
      [images("a", 5), images("b", 5)],
      ["a", undefined, "b", undefined],
    ],
    [
      "a name takes precedence over a size",
      [images("my-test.idx", 9), images("b", 5)],
      ["b", undefined, "my-test.idx", undefined],
    ],
    [
      "other names do so too",
      [images("VAL_images", 9), images("b", 5)],
      ["b", undefined, "VAL_images", undefined],
    ],
    [
      "names that both suggest validation are ignored",
      [images("test1", 5), images("test2", 9)],
      ["test2", undefined, "test1", undefined],
    ],
    [
      "a part of a word is ignored",
      [images("latest", 9), images("b", 5)],
      ["latest", undefined, "b", undefined],
    ],
    [
      "labels for the larger file",
      [images("a", 5), labels("l", 6), images("b", 6)],
      ["b", "l", "a", undefined],
    ],
    [
      "labels for the smaller file",
      [images("a", 5), labels("l", 5), images("b", 6)],
      ["b", undefined, "a", "l"],
    ],
    [
      "labels that fit both files",
      [images("a", 5), images("b", 5), labels("l", 5)],
      ["a", "l", "b", undefined],
    ],
    [
      "labels that fit both files, named for validation",
      [images("a", 5), images("b", 5), labels("test-l", 5)],
      ["a", undefined, "b", "test-l"],
    ],
    [
      "labels match their images",
      [images("test", 9), images("b", 5), labels("k", 9), labels("l", 5)],
      ["b", "l", "test", "k"],
    ],
  ])("%s", (_what, files, expected) => {
    expect(parts(...files)).toEqual([...expected]);
  });

  test.each([
    [[labels("l.idx", 5)], "Images are needed too, but only labels were found in l.idx."],
    [[labels("k", 5), labels("l", 5)], "only labels were found in k and l."],
    [[images("a", 5), images("b", 5), images("c", 5)], "3 files hold images, but at most 2 can be taken"],
    [[images("a", 5), labels("k", 5), labels("l", 5)], "2 files hold labels, but only 1 holds images."],
  ])("that cannot be used are refused in one sentence", (files, sentence) => {
    expect(() => assignFiles(files)).toThrow(InputError);
    expect(() => assignFiles(files)).toThrow(sentence);
  });
});
