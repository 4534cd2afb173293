// Runs TypeDoc on the library's types.
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { withLibrary } from "./build-library.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

test("TypeDoc makes pages of it without a warning", async () => {
  const typedoc = ["api/node_modules/typedoc/bin/typedoc", "--options", "api/typedoc.json", "--emit", "none"];
  const made = withLibrary(() => promisify(execFile)(process.execPath, typedoc, { cwd: root }));
  await expect(made).resolves.toMatchObject({ stdout: expect.not.stringContaining("warning") });
});
