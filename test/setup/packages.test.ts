import { expect, test } from "vitest";
import { packagesMatch } from "../../scripts/setup/packages.mjs";

const wanted = {
  packages: {
    "": { version: "0.1.0" },
    "node_modules/a": { version: "1.0.0", integrity: "sha512-a" },
    "node_modules/b-windows": { version: "1.0.0", integrity: "sha512-b", optional: true },
  },
};
const a = { version: "1.0.0", integrity: "sha512-a" };

test("the packages match without those for other systems", () => {
  expect(packagesMatch(wanted, { packages: { "node_modules/a": a } })).toBe(true);
});

test.each([
  ["missing", {}],
  ["of another version", { "node_modules/a": { ...a, version: "1.0.1" } }],
  ["of different content", { "node_modules/a": { ...a, integrity: "sha512-x" } }],
])("a package that is %s does not match", (_, packages) => {
  expect(packagesMatch(wanted, { packages })).toBe(false);
});

test("an optional package of another version does not match", () => {
  const packages = { "node_modules/a": a, "node_modules/b-windows": { version: "0.9.0" } };
  expect(packagesMatch(wanted, { packages })).toBe(false);
});
