import { describe, expect, test } from "vitest";
import {
  checkFileCount,
  type FoundFiles,
  mostFiles,
  pictureFolder,
} from "../../../src/lab/images/own-pictures.ts";
import { folderLabels, sortPaths } from "../../../src/lab/worker/own-pictures.ts";
import { InputError } from "../../../src/spec/input-error.ts";

const found = (...paths: string[]) => ({
  files: paths.map((path) => ({ path, file: new File([], path.split("/").at(-1) ?? "") })),
  tooDeep: 0,
});

/** Finds the pictures as the page and its Worker do together. */
const sorted = (all: FoundFiles) => pictureFolder(all, sortPaths(all.files.map(({ path }) => path)));

describe("a folder's pictures", () => {
  test("are the files that browsers can decode, in the order of their paths; other files are counted", () => {
    const folder = sorted(
      found(
        "pets/b.JPG",
        "pets/a.png",
        "pets/c.webp",
        "pets/d.gif",
        "pets/e.avif",
        "pets/f.bmp",
        "pets/g.jpeg",
        "pets/notes.txt",
        "pets/scan.tiff",
        "pets/.hidden.png",
        "pets/.thumbs/a.png",
        "pets/__MACOSX/a.png",
        "pets/png",
      ),
    );
    expect(folder.files.map(({ name }) => name)).toEqual([
      ..."a.png b.JPG c.webp d.gif e.avif f.bmp g.jpeg".split(" "),
    ]);
    expect(folder.passedOver).toBe(
      "Passed over 3 files that are not read as pictures: 1 .tiff, 1 .txt, 1 without an ending.",
    );
    expect(folder.name).toBe("pets");
    expect(folder.labels).toBeUndefined();
  });

  test("come with what was too deep, and with nothing else where all are read", () => {
    expect(sorted({ ...found("a.png", "b.txt"), tooDeep: 3 }).passedOver).toBe(
      "Passed over 1 file that is not read as a picture: 1 .txt. Skipped 3 files and folders below 16 others.",
    );
    expect(sorted(found("a.png", "._a.png", "x/.DS_Store")).passedOver).toBeUndefined();
  });

  test.each([
    [["one.png", "two.png", "three.png"], "one.png and 2 more"],
    [["cats/one.png", "cats/two.png"], "cats"],
    [["dogs/one.png", "cats/two.png"], "cats and 1 more"],
    [["notes.txt"], ""],
  ])("%j are named %j", (paths, name) => {
    expect(sorted(found(...paths)).name).toBe(name);
  });

  test("are refused if they are too many, with the limit in the error", () => {
    expect(() => checkFileCount(mostFiles)).not.toThrow();
    expect(() => checkFileCount(mostFiles + 1)).toThrow(InputError);
    expect(() => checkFileCount(mostFiles + 1)).toThrow(/more than 100000 files/);
  });
});

describe("labels", () => {
  const text = (...paths: string[]) => {
    const labels = folderLabels(paths);
    return (
      labels && [labels.names.map(({ label, name }) => `${label} ${name}`).join(", "), [...labels.labels]]
    );
  };

  test("are the subfolders, in natural order", () => {
    expect(text("x/item 10/a.png", "x/item 2/a.png", "x/item 10/b.png", "x/item 1/a.png")).toEqual([
      "0 item 1, 1 item 2, 2 item 10",
      [2, 1, 2, 0],
    ]);
  });

  test("are the digits if the folders are named by digits", () => {
    expect(text("x/7/a.png", "x/3/a.png", "x/7/b.png")).toEqual(["3 3, 7 7", [7, 3, 7]]);
  });

  test("come from the first level that differs between the paths, also for pictures in deeper folders", () => {
    expect(text("x/train/dogs/old/a.png", "x/train/cats/b.png", "x/train/dogs/c.png")).toEqual([
      "0 cats, 1 dogs",
      [1, 0, 1],
    ]);
  });

  test("come from folders that were dropped together", () => {
    expect(text("dogs/a.png", "cats/b.png")).toEqual(["0 cats, 1 dogs", [1, 0]]);
  });

  const inFolders = (count: number) => Array.from({ length: count }, (_, place) => `x/f${place}/a.png`);

  test.each([
    ["a picture is in no folder", ["x/cats/a.png", "x/dogs/a.png", "x/c.png"]],
    ["there is only one folder", ["x/cats/a.png", "x/cats/b.png"]],
    ["there is no folder", ["a.png", "b.png"]],
    ["there are eleven folders", inFolders(11)],
    ["there are no pictures", []],
  ])("are missing if %s", (_, paths) => {
    expect(folderLabels(paths)).toBeUndefined();
  });

  test("can be ten", () => {
    expect([...(folderLabels(inFolders(10))?.labels ?? [])]).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });
});
