// Checks the licences of all packages in package-lock.json and fails on one that is not permissive. `--write` writes
// the licences of the distributed packages to docs/dependencies.md.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const document = join(root, "docs", "dependencies.md");
const [start, end] = ["<!-- licences: written by npm run licences -->", "<!-- end of licences -->"];

/** Licences that only require attribution. */
const permissive = new Set(["MIT", "ISC", "0BSD", "BSD-2-Clause", "BSD-3-Clause", "Apache-2.0"]);

/** Other accepted licences, each with the reason. */
const exceptions = [
  {
    licence: "MPL-2.0",
    packages: /^(axe-core|lightningcss(-.*)?)$/,
    developmentOnly: true,
    why: "tools, of which nothing is delivered",
  },
  {
    licence: "LGPL-3.0-or-later",
    packages: /^@img\/sharp-(libvips-.*|wasm32|win32-.*)$/,
    developmentOnly: false,
    why: "libvips, a shared library that sharp loads and that can be replaced",
  },
];

/** Development packages that the build includes in the page, and which are therefore distributed. */
const built = new Set([
  "@preact/signals",
  "@preact/signals-core",
  "client-zip",
  "comlink",
  "idb",
  "mnist",
  "preact",
  "uplot",
]);

/**
 * A package that is installed, or would be on another system.
 * @typedef {{ name: string, version: string, licence: string, development: boolean }} Package
 */

/** @returns {Package[]} */
export function lockedPackages() {
  const lock = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8"));
  return Object.entries(lock.packages)
    .filter(([path]) => path !== "")
    .map(([path, { version, license, dev = false, devOptional = false }]) => {
      const name = path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length);
      const licence = installedLicence(path) ?? license ?? "none";
      return { name, version, licence, development: (dev || devOptional) && !built.has(name) };
    });
}

/**
 * The licence stated by the installed package; the lock file has the registry's.
 * @param {string} path
 * @returns {string | undefined}
 */
function installedLicence(path) {
  const file = join(root, path, "package.json");
  if (!existsSync(file)) return undefined;
  const { license, licenses } = JSON.parse(readFileSync(file, "utf8"));
  const found = license ?? licenses?.[0];
  return typeof found === "object" ? found.type : found;
}

/**
 * A sentence about a package that is not accepted; undefined for an accepted one.
 * @param {Package} found
 * @returns {string | undefined}
 */
export function licenceFault({ name, version, licence, development }) {
  const needed = licence.replaceAll(/[()]/g, "").split(" AND ");
  const refused = needed.filter(
    (one) => !one.split(" OR ").some((choice) => isTaken(choice, name, development)),
  );
  if (refused.length === 0) return undefined;
  return `${name} ${version} has the licence ${licence}, which is neither permissive nor excepted.`;
}

/**
 * @param {string} licence
 * @param {string} name
 * @param {boolean} development
 */
function isTaken(licence, name, development) {
  if (permissive.has(licence)) return true;
  return exceptions.some(
    (exception) =>
      exception.licence === licence &&
      exception.packages.test(name) &&
      (development || !exception.developmentOnly),
  );
}

/** The table of distributed packages in the document. sharp's builds for different systems are one entry. */
export function licenceTable() {
  const rows = lockedPackages()
    .filter(({ development }) => !development)
    .map(({ name, licence }) => {
      const shown = name.replace(/^(@img\/sharp-(?:libvips-)?).*/, "$1*");
      return `| \`${shown}\` | ${licence.replaceAll(/[()]/g, "")} |`;
    });
  return ["| package | licence |", "|---|---|", ...new Set(rows.sort())].join("\n");
}

/** The part of the document that is generated here. */
export function writtenTable() {
  const text = readFileSync(document, "utf8");
  return text.slice(text.indexOf(start) + start.length, text.indexOf(end)).trim();
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const packages = lockedPackages();
  const faults = packages.flatMap((found) => licenceFault(found) ?? []);
  for (const fault of faults) console.error(fault);
  const text = readFileSync(document, "utf8");
  const before = text.slice(0, text.indexOf(start) + start.length);
  writeFileSync(document, `${before}\n${licenceTable()}\n${text.slice(text.indexOf(end))}`);
  const licences = [...new Set(packages.map(({ licence }) => licence))].sort();
  const count = (/** @type {string} */ licence) =>
    packages.filter((found) => found.licence === licence).length;
  console.log(
    `${packages.length} packages: ${licences.map((licence) => `${count(licence)} ${licence}`).join(", ")}.`,
  );
  process.exitCode = faults.length > 0 ? 1 : 0;
}
