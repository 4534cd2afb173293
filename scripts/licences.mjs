// Reads the licences of all packages that package-lock.json names, and fails on one that is not permissive. `--write` puts those
// of what is delivered into docs/dependencies.md.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const document = join(root, "docs", "dependencies.md");
const [start, end] = ["<!-- licences: written by npm run licences -->", "<!-- end of licences -->"];

/** Licences that ask for no more than to be named. */
const permissive = new Set(["MIT", "ISC", "0BSD", "BSD-2-Clause", "BSD-3-Clause", "Apache-2.0"]);

/** Others that are taken all the same, each with the reason. */
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

/** Packages for development that the build puts into the page, and which are so delivered as well. */
const built = new Set([
  "@preact/signals",
  "@preact/signals-core",
  "comlink",
  "idb",
  "mnist",
  "preact",
  "uplot",
]);

/**
 * A package as it is installed, or would be on another system.
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
 * What the package itself says, where it is installed: the lock file has it from the registry.
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
 * A sentence for a package that cannot be taken; undefined for a good one.
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

/** The table of what is delivered, as it stands in the document; sharp's builds for many systems as one. */
export function licenceTable() {
  const rows = lockedPackages()
    .filter(({ development }) => !development)
    .map(({ name, licence }) => {
      const shown = name.replace(/^(@img\/sharp-(?:libvips-)?).*/, "$1*");
      return `| \`${shown}\` | ${licence.replaceAll(/[()]/g, "")} |`;
    });
  return ["| package | licence |", "|---|---|", ...new Set(rows.sort())].join("\n");
}

/** The part of the document that is written here. */
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
