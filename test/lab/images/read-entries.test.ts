import { describe, expect, test } from "vitest";
import { deepest, readEntries } from "../../../src/lab/images/own-pictures.ts";
import { InputError } from "../../../src/spec/input-error.ts";

/** A folder by what lies in it; null is a file. */
interface Tree {
  readonly [name: string]: Tree | null;
}

/** What a browser hands out for dropped folders; readers give few entries at a time, or many where there are many. */
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
  const { files, skipped } = await readEntries(entriesOf(tree));
  return { paths: files.map(({ path }) => path).sort(), skipped };
};

describe("what is dropped", () => {
  test("is read with all that lies in it, but what is hidden", async () => {
    const cats = { "a.png": null, "b.png": null, "c.png": null, ".DS_Store": null };
    expect(await paths({ pets: { cats, ".git": { "x.png": null } }, "d.txt": null })).toEqual({
      paths: ["d.txt", "pets/cats/a.png", "pets/cats/b.png", "pets/cats/c.png"],
      skipped: 2,
    });
  });

  test("is not read deeper than 16 folders", async () => {
    const nested = (depth: number): Tree =>
      depth === 0 ? { "a.png": null } : { f: nested(depth - 1), "b.png": null };
    const { paths: reached, skipped } = await paths(nested(deepest + 2));
    expect(reached).toHaveLength(deepest + 1);
    expect(skipped).toBe(2);
  });

  test("is refused where it holds too many files", async () => {
    const many = Object.fromEntries(Array.from({ length: 100_001 }, (_, place) => [`${place}.png`, null]));
    await expect(readEntries(entriesOf({ many }))).rejects.toThrow(InputError);
  });
});
