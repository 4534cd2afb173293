import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { withLibrary } from "./build-library.ts";

const root = new URL("../../", import.meta.url);
const lines = (file: string) => readFileSync(new URL(file, root), "utf8").split("\n");

test("what programs may rely on is what docs/unsnow.api.md says", async () => {
  const found = await withLibrary(() => lines("dist/types/unsnow.api.md"));
  const sentence =
    'The library\'s types are no longer those of docs/unsnow.api.md: if that is meant, run "npm run api", and look at what changed.';
  expect(found, sentence).toEqual(lines("docs/unsnow.api.md"));
}, 300_000);

test("TypeDoc makes pages of it without a warning", async () => {
  const typedoc = ["api/node_modules/typedoc/bin/typedoc", "--options", "api/typedoc.json", "--emit", "none"];
  const made = withLibrary(() =>
    promisify(execFile)(process.execPath, typedoc, { cwd: fileURLToPath(root) }),
  );
  await expect(made).resolves.toMatchObject({ stdout: expect.not.stringContaining("warning") });
});
