import { describe, expect, test } from "vitest";
import { deepest, readEntries } from "../../../src/lab/images/own-pictures.ts";
import { InputError } from "../../../src/spec/input-error.ts";

/** A folder, given by its entries; null is a file. */
interface Tree {
  readonly [name: string]: Tree | null;
}

/** The entries that a browser passes for dropped folders. Its readers return a few entries at a time. */
function entriesOf(tree: Tree, above = ""): FileSystemEntry[] {
  return Object.entries(tree).map(([name, inner]) => {
    const fullPath = `${above}/${name}`;
    const entry = { name, fullPath, isFile: inner === null, isDirectory: inner !== null };
    const createReader = () => {
      const left = entriesOf(inner ?? {}, fullPath);
      return {
        readEntries: (take: (part: FileSystemEntry[]) => void) =>
          take(left.splice(0, left.length < 10 ? 2 : 1000)),
      };
    };
    const file = (take: (file: File) => void) => take(new File([], name));
    return { ...entry, createReader, file } as unknown as FileSystemEntry;
  });
}

const paths = async (tree: Tree) => {
  const { files, tooDeep } = await readEntries(entriesOf(tree));
  return { paths: files.map(({ path }) => path).sort(), tooDeep };
};

describe("a dropped folder", () => {
  test("is read with all its contents except hidden files", async () => {
    const cats = { "a.png": null, "b.png": null, "c.png": null, ".DS_Store": null };
    expect(await paths({ pets: { cats, ".git": { "x.png": null } }, "d.txt": null })).toEqual({
      paths: ["d.txt", "pets/cats/a.png", "pets/cats/b.png", "pets/cats/c.png"],
      tooDeep: 0,
    });
  });

  test("is read at most 16 folders deep", async () => {
    const nested = (depth: number): Tree =>
      depth === 0 ? { "a.png": null } : { f: nested(depth - 1), "b.png": null };
    const { paths: reached, tooDeep } = await paths(nested(deepest + 2));
    expect(reached).toHaveLength(deepest + 1);
    expect(tooDeep).toBe(2);
  });

  test("is refused if it holds too many files", async () => {
    const many = Object.fromEntries(Array.from({ length: 100_001 }, (_, place) => [`${place}.png`, null]));
    await expect(readEntries(entriesOf({ many }))).rejects.toThrow(InputError);
  });
});
