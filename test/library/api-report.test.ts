import { execFile } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import * as sources from "../../src/index.ts";
import { withLibrary } from "./build-library.ts";

const root = new URL("../..", import.meta.url);
const lines = (file: string) => readFileSync(new URL(file, root), "utf8").split("\n");

test("what programs may rely on is what docs/unsnow.api.md says", async () => {
  const found = await withLibrary(() => lines("dist/types/unsnow.api.md"));
  const sentence =
    'The library\'s types are no longer those of docs/unsnow.api.md: if that is meant, run "npm run api", and look at what changed.';
  expect(found, sentence).toEqual(lines("docs/unsnow.api.md"));
}, 300_000);

test("the package's entries are there, and its library exports what the sources export", async () => {
  const { exports, imports, bin } = JSON.parse(readFileSync(new URL("package.json", root), "utf8")) as {
    exports: Readonly<Record<string, unknown>>;
    imports: Readonly<Record<string, unknown>>;
    bin: Readonly<Record<string, string>>;
  };
  const filesIn = (value: unknown): string[] =>
    typeof value === "string" ? [value] : Object.values(value ?? {}).flatMap(filesIn);
  expect(Object.keys(exports)).toEqual([".", "./models/*", "./package.json"]);
  const files = filesIn([exports, imports, bin]).map((file) => file.replace("*", "digits.safetensors"));
  // By its own name, as a program imports it; importing does nothing: not even Dawn is loaded.
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

test("the types say everything that is used in them", async () => {
  const text = await withLibrary(() => lines("dist/library/unsnow.d.ts"));
  expect(text.filter((line) => /( from ["']|: any\b|<any>)/.test(line))).toEqual([]);
});
