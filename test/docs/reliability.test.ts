import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));
const page = readFileSync(join(root, "docs/reliability.md"), "utf8");

/** A test that the page names: its file, and a part of its title or of its group's title. */
interface NamedTest {
  readonly file: string;
  readonly name: string | undefined;
}

/** `file -t "name"`, further `-t "name"` of the same file, and `file`, "name" for browser tests. */
const naming = /`((?:test|e2e)\/[\w./-]+\.ts)(?: -t "([^"`]+)")?`(?:, "([^"]+)")?|`-t "([^"`]+)"`/g;

/** The title of a test or a group: the first argument of a call whose second is a function or options. */
const titled = /\(\s*("(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\.)*`),\s*(?:async\b|\(|\{|function\b)/g;

const quoted = /"((?:[^"\\\n]|\\.)*)"/g;

/** The local modules that a test file imports. */
const imported = /^import .*?"(\.[^"]+\.ts)";$/gms;

function testsNamedIn(line: string): NamedTest[] {
  let last = "";
  return [...line.matchAll(naming)].map(([, file = last, name, inBrowser, furtherName]) => {
    last = file;
    return { file, name: name ?? inBrowser ?? furtherName };
  });
}

/** Titles; if they contain words of a table, as "%s", also all strings that could be such words. */
function titlesIn(source: string): string[] {
  const titles = [...source.matchAll(titled)].map(([, title = ""]) => title.slice(1, -1));
  const fromTable = titles.some((title) => /%s|\$\w/.test(title));
  const words = fromTable ? [...source.matchAll(quoted)].map(([, word = ""]) => word) : [];
  return [...titles, ...words].map((title) => title.replaceAll('\\"', '"'));
}

/** The titles of a file's tests, including those in modules that it imports. */
function titlesOf(file: string): string[] {
  const path = join(root, file);
  const source = readFileSync(path, "utf8");
  const parts = [...source.matchAll(imported)]
    .map(([, part = ""]) => join(dirname(path), part))
    .filter((part) => part.startsWith(join(root, "test")));
  return [source, ...parts.map((part) => readFileSync(part, "utf8"))].flatMap(titlesIn);
}

const rows = page.split("\n").filter((line) => /^\| (?!fault|what|engine|run|-)/.test(line));
const named = rows.flatMap(testsNamedIn);

describe("docs/reliability.md", () => {
  test("names tests, which are found on the page", () => {
    expect(named.length).toBeGreaterThan(60);
    expect(testsNamedIn('| fault | `test/a.test.ts -t "b c"`, `-t "d"`; `e2e/e.spec.ts`, "f" |')).toEqual([
      { file: "test/a.test.ts", name: "b c" },
      { file: "test/a.test.ts", name: "d" },
      { file: "e2e/e.spec.ts", name: "f" },
    ]);
    expect(titlesIn('test.each([f(1)])("a %i", async () => {}); describe("b", { timeout }, () => {')).toEqual(
      ["a %i", "b"],
    );
  });

  test.each(named)("names a test of $file: $name", ({ file, name }) => {
    expect(existsSync(join(root, file))).toBe(true);
    const titles = titlesOf(file);
    expect(titles.length).toBeGreaterThan(0);
    if (name !== undefined) expect(titles.filter((title) => title.includes(name))).not.toEqual([]);
  });

  test.each([
    ["a power cut in the middle of a checkpoint, in the terminal", /^\| power cut/],
    ["a truncated checkpoint in the browser", /^\| the newest checkpoint is cut short/],
    ["a full disk", /^\| the disk is full/],
    ["a browser's quota", /^\| the storage is full/],
    ["two programs on one run", /^\| two programs on one folder/],
    ["two tabs on one run", /^\| two tabs want one run/],
  ])("names a test for %s", (_, fault) => {
    expect(rows.filter((row) => fault.test(row)).flatMap(testsNamedIn)).not.toEqual([]);
  });
});
