// Makes an archive that tests and measures unsnow on another machine, one with a GPU, and needs nothing else there:
//   node scripts/on-gpu.mjs [--grey FOLDER] [--colour FOLDER] [--out unsnow-on-gpu.tar.xz]
// See "On a machine with a GPU" in docs/benchmarks.md.
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { fillArchive } from "./on-gpu/contents.mjs";
import { SetupError, say } from "./setup/report.mjs";

/** The archive's maximum size in MiB. */
const most = 60;

const name = "unsnow-on-gpu";

/** Compresses with xz, or with gzip, which takes a third more, where there is no xz. */
function pack(/** @type {string} */ parent, /** @type {string} */ archive) {
  const program = archive.endsWith(".gz") ? "gzip" : "xz -6 -T0";
  say(`packing ${archive} by ${program}`);
  const { status, stderr, error } = spawnSync("tar", ["-I", program, "-cf", archive, "-C", parent, name], {
    encoding: "utf8",
  });
  if (status === 0) return;
  throw new SetupError(
    `The archive could not be written by tar and ${program}: ${stderr?.trim() || error?.message}.`,
  );
}

try {
  const { values } = parseArgs({
    options: { grey: { type: "string" }, colour: { type: "string" }, out: { type: "string" } },
  });
  const hasXz = spawnSync("xz", ["--version"]).status === 0;
  const archive = resolve(values.out ?? `dist/${name}.tar.${hasXz ? "xz" : "gz"}`);
  const parent = mkdtempSync(join(tmpdir(), `${name}-`));
  try {
    mkdirSync(join(parent, name));
    fillArchive(join(parent, name), { grey: values.grey, colour: values.colour });
    pack(parent, archive);
  } finally {
    rmSync(parent, { recursive: true, force: true });
  }
  const size = statSync(archive).size / 2 ** 20;
  if (size > most) {
    rmSync(archive);
    throw new SetupError(
      `The archive has ${size.toFixed(1)} MiB, more than ${most}: give fewer or smaller pictures.`,
    );
  }
  console.log(`${archive}: ${size.toFixed(1)} MiB. On the other machine:`);
  console.log(`  tar -xf ${name}.tar.* && ${name}/run.sh --minutes 30`);
} catch (error) {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  if (!(error instanceof SetupError) && !code.startsWith("ERR_PARSE_ARGS")) throw error;
  console.error(`unsnow: ${/** @type {Error} */ (error).message}`);
  process.exitCode = 1;
}
