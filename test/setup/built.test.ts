import { mkdirSync, mkdtempSync, renameSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { fingerprint } from "../../scripts/setup/built.mjs";

let base = "";
const paths = ["src", "lock.json", "absent"];
const now = () => fingerprint(base, paths);

beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), "unsnow-"));
  mkdirSync(join(base, "src", "deep"), { recursive: true });
  writeFileSync(join(base, "src", "a.ts"), "a");
  writeFileSync(join(base, "src", "deep", "b.ts"), "b");
  writeFileSync(join(base, "lock.json"), "{}");
});
afterEach(() => rmSync(base, { recursive: true }));

test("times and files that are not listed as sources do not change the fingerprint", () => {
  const before = now();
  utimesSync(join(base, "src", "a.ts"), 0, 0);
  writeFileSync(join(base, "other.ts"), "other");
  expect(now()).toBe(before);
});

test.each([
  ["an edited source", () => writeFileSync(join(base, "src", "deep", "b.ts"), "B")],
  ["a new source", () => writeFileSync(join(base, "src", "c.ts"), "")],
  ["a removed source", () => rmSync(join(base, "src", "a.ts"))],
  ["a renamed source", () => renameSync(join(base, "src", "a.ts"), join(base, "src", "z.ts"))],
  ["an edited file outside the folders", () => writeFileSync(join(base, "lock.json"), "[]")],
  ["a new file outside the folders", () => writeFileSync(join(base, "absent"), "")],
])("%s changes the fingerprint", (_, change) => {
  const before = now();
  change();
  expect(now()).not.toBe(before);
});
