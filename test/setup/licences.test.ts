import { expect, test } from "vitest";
import { licenceFault, licenceTable, lockedPackages, writtenTable } from "../../scripts/licences.mjs";

test("every package has a permissive licence or is excepted by name", () => {
  const packages = lockedPackages();
  expect(packages.map(({ name }) => name)).toEqual(expect.arrayContaining(["sharp", "preact", "vitest"]));
  expect(packages.flatMap((found) => licenceFault(found) ?? [])).toEqual([]);
});

test("docs/dependencies.md lists the licences of the delivered packages: npm run licences writes them", () => {
  expect(writtenTable()).toBe(licenceTable());
});

test.each([
  ["GPL-3.0-only", "left-pad", true],
  ["MIT AND GPL-2.0-only", "left-pad", true],
  ["MPL-2.0", "left-pad", true],
  ["MPL-2.0", "axe-core", false],
  ["LGPL-3.0-or-later", "left-pad", false],
  ["none", "left-pad", true],
  ["SEE LICENSE IN file", "left-pad", true],
])("%s of %s is refused (for development: %s)", (licence, name, development) => {
  expect(licenceFault({ name, version: "1.0.0", licence, development })).toContain(`${name} 1.0.0`);
});

test.each([
  ["MIT", "left-pad", false],
  ["(MIT OR GPL-2.0-only)", "left-pad", false],
  ["(Apache-2.0 AND BSD-3-Clause)", "left-pad", false],
  ["MPL-2.0", "axe-core", true],
  ["LGPL-3.0-or-later", "@img/sharp-libvips-linux-x64", false],
])("%s of %s is accepted (for development: %s)", (licence, name, development) => {
  expect(licenceFault({ name, version: "1.0.0", licence, development })).toBeUndefined();
});
