import { spawn } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Outcome, outcomeOf } from "../support/outcome.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
/** The built program. */
export const programFile = join(root, "dist", "cli", "unsnow.js");

/** Callbacks while the program runs. */
export interface Watching {
  readonly cwd?: string;
  /** Variables in addition to those of this process. */
  readonly env?: Readonly<Record<string, string>>;
  /** Called as it starts. */
  readonly onStart?: (end: (signal: NodeJS.Signals) => void) => void;
  /** Called with all that it has written to stderr so far. */
  readonly onStderr?: (text: string, end: (signal: NodeJS.Signals) => void) => void;
}

/** Runs the built program in a separate process. */
export function startUnsnow(
  args: readonly string[],
  { cwd = root, env: more = {}, onStart, onStderr }: Watching = {},
): Promise<Outcome> {
  // As a user calls it: without the environment of an npm script, in which these tests may run.
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("npm_")));
  // `npm run coverage` counts what the program executes (nodejs.org/api/cli.html#node_v8_coveragedir).
  const { UNSNOW_PROGRAM_COVERAGE: counts } = env;
  if (counts) env.NODE_V8_COVERAGE = counts;
  const child = spawn(process.execPath, [programFile, ...args], {
    cwd,
    env: { ...env, ...more },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const end = (signal: NodeJS.Signals) => void child.kill(signal);
  onStart?.(end);
  return outcomeOf(child, (text) => onStderr?.(text, end));
}
