import { spawn, spawnSync } from "node:child_process";
import { type Outcome, outcomeOf } from "./outcome.ts";

/**
 * The first Python that has these modules. Where there is none it says so, since what needs it is skipped then: continuous
 * integration installs npm's packages alone.
 */
export function findPython(...modules: readonly string[]): string | undefined {
  for (const python of ["python3", "/usr/bin/python3", "python"]) {
    if (spawnSync(python, ["-c", `import ${modules.join(", ")}`]).status === 0) return python;
  }
  console.warn(`Some tests are skipped: no Python here has ${modules.join(" and ")}.`);
  return undefined;
}

/** A Python that stands still is ended by then, in milliseconds: sooner than its test, so that what it said is seen. */
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
