import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { build } from "vite";
import { test } from "vitest";
import { findDeno } from "../../scripts/setup/find-engines.mjs";
import { shaders } from "../../vite/shaders.ts";
import type { EngineReport } from "./engine-cases.ts";
import { casesOfReport, expectAllWell } from "./expect-report.ts";

/** Deno's WebGPU is wgpu with naga, like Firefox's, but of another version and without a browser. */
test("every kernel follows its reference in Deno", { timeout: 15 * 60_000 }, async ({ skip }) => {
  const deno = findDeno();
  skip(deno === undefined, "No Deno was found: install one, or set UNSNOW_DENO to its path.");
  const folder = await mkdtemp(join(tmpdir(), "unsnow-deno-"));
  try {
    await build({
      configFile: false,
      plugins: [shaders()],
      logLevel: "error",
      build: {
        outDir: folder,
        target: "esnext",
        minify: false,
        lib: {
          entry: fileURLToPath(new URL("in-deno.ts", import.meta.url)),
          formats: ["es"],
          fileName: "cases",
        },
      },
    });
    const script = join(folder, "cases.js");
    const { stdout } = await promisify(execFile)(
      deno ?? "",
      ["run", "--unstable-webgpu", "--no-prompt", script],
      { maxBuffer: 2 ** 28 },
    );
    const report = JSON.parse(stdout) as EngineReport;
    expectAllWell(report, casesOfReport(report));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
