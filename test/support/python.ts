import { spawn, spawnSync } from "node:child_process";
import { type Outcome, outcomeOf } from "./outcome.ts";

/**
 * The first Python with these modules. If there is none, it reports that, because the tests that need it are skipped:
 * continuous integration installs only npm packages.
 */
export function findPython(...modules: readonly string[]): string | undefined {
  for (const python of ["python3", "/usr/bin/python3", "python"]) {
    if (spawnSync(python, ["-c", `import ${modules.join(", ")}`]).status === 0) return python;
  }
  console.warn(`Some tests are skipped: no Python here has ${modules.join(" and ")}.`);
  return undefined;
}

/** A hanging Python is ended after this many milliseconds: before its test times out, so that its output is shown. */
const timeout = 110_000;

/** Runs Python on one thread, without leaving compiled files behind. */
export function runPython(
  python: string,
  args: readonly string[],
  { cwd, path = [] }: { readonly cwd?: string; readonly path?: readonly string[] } = {},
): Promise<Outcome> {
  const env = {
    ...process.env,
    OMP_NUM_THREADS: "1",
    PYTHONDONTWRITEBYTECODE: "1",
    PYTHONPATH: path.join(process.platform === "win32" ? ";" : ":"),
  };
  return outcomeOf(spawn(python, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"], timeout }));
}
