import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { prepareFolder, writeFiles } from "../../src/cli/output-files.ts";
import { InputError } from "../../src/spec/input-error.ts";

/** All paths here are absolute. */
const here = { folder: "/" };

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "unsnow-"));
  writeFileSync(join(folder, "a"), "old");
});
afterEach(() => rmSync(folder, { recursive: true }));

const content = (name: string) => readFileSync(join(folder, name), "utf8");

test("files replace old ones, and no other files are left", async () => {
  await writeFiles(
    here,
    folder,
    new Map<string, string | Uint8Array>([
      ["a", "new"],
      ["b", Uint8Array.of(65)],
    ]),
  );
  expect([content("a"), content("b"), readdirSync(folder)]).toEqual(["new", "A", ["a", "b"]]);
});

test("when one file cannot be written, all old ones stay and no other files are left", async () => {
  const files = new Map([
    ["a", "new"],
    [join("missing", "b"), "new"],
  ]);
  await expect(writeFiles(here, folder, files)).rejects.toThrow(InputError);
  expect([content("a"), readdirSync(folder)]).toEqual(["old", ["a"]]);
});

test("preparing makes the folder and changes nothing in it", async () => {
  await prepareFolder(here, join(folder, "deep", "er"), ["a"]);
  await prepareFolder(here, folder, ["a", "b"]);
  expect([content("a"), readdirSync(folder, { recursive: true }).sort()]).toEqual([
    "old",
    ["a", "deep", join("deep", "er")],
  ]);
});

test("preparing refuses a folder that contains a folder with the name of a result", async () => {
  mkdirSync(join(folder, "b"));
  await expect(prepareFolder(here, folder, ["a", "b"])).rejects.toThrow(
    `${join(folder, "b")} cannot be written: it is a folder.`,
  );
});

test.runIf(process.platform === "linux")(
  "a folder that the system cannot make is refused at once",
  async () => {
    await expect(prepareFolder(here, "/proc/unsnow/deep", ["a"])).rejects.toThrow(/cannot be written/);
  },
);
