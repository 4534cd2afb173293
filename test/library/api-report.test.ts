import { execFile } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import * as sources from "../../src/index.ts";
import { withLibrary } from "./build-library.ts";

const root = new URL("../..", import.meta.url);
const lines = (file: string) => readFileSync(new URL(file, root), "utf8").split("\n");

test("the public API equals the one in docs/unsnow.api.md", async () => {
  const found = await withLibrary(() => lines("dist/types/unsnow.api.md"));
  const sentence =
    'The library\'s types are no longer those of docs/unsnow.api.md: if that is meant, run "npm run api", and look at what changed.';
  expect(found, sentence).toEqual(lines("docs/unsnow.api.md"));
}, 300_000);

test("the files of the package's entries exist, and the library exports the same names as its sources", async () => {
  const { exports, imports, bin } = JSON.parse(readFileSync(new URL("package.json", root), "utf8")) as {
    exports: Readonly<Record<string, unknown>>;
    imports: Readonly<Record<string, unknown>>;
    bin: Readonly<Record<string, string>>;
  };
  const filesIn = (value: unknown): string[] =>
    typeof value === "string" ? [value] : Object.values(value ?? {}).flatMap(filesIn);
  expect(Object.keys(exports)).toEqual([".", "./models/*", "./package.json"]);
  const files = filesIn([exports, imports, bin]).map((file) => file.replace("*", "digits.safetensors"));
  // Imported by the package's name, as in a program. The import has no side effects: not even Dawn is loaded.
  const program = `import * as unsnow from "unsnow";
    const loaded = process.report.getReport().sharedObjects.filter((name) => name.includes("dawn"));
    console.log(JSON.stringify([Object.keys(unsnow), loaded]));`;
  const printed = await withLibrary(async () => {
    expect(files.filter((file) => !existsSync(new URL(file, root)))).toEqual([]);
    const args = ["--input-type=module", "--eval", program];
    return (await promisify(execFile)(process.execPath, args, { cwd: fileURLToPath(root) })).stdout;
  });
  const [names, loaded] = JSON.parse(printed) as [string[], string[]];
  expect(names.sort()).toEqual(Object.keys(sources).sort());
  expect(loaded).toEqual([]);
}, 300_000);

test("the type declarations are complete: they import nothing and contain no any", async () => {
  const text = await withLibrary(() => lines("dist/library/unsnow.d.ts"));
  expect(text.filter((line) => /( from ["']|: any\b|<any>)/.test(line))).toEqual([]);
});
