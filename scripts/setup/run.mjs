import { spawnSync } from "node:child_process";
import { root } from "./machine.mjs";

/**
 * Runs a program to its end and returns whether it succeeded. Its output goes to stderr: immediately, only on
 * failure, or never.
 * @param {string} program
 * @param {readonly string[]} args
 * @param {{ show?: "always" | "failure" | "never", minutes?: number, env?: Record<string, string> }} [options]
 * @returns {boolean}
 */
export function run(program, args, { show = "always", minutes, env = {} } = {}) {
  const output = show === "always" ? 2 : show === "failure" ? "pipe" : "ignore";
  const { status, stdout, stderr } = spawnSync(program, args, {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: ["ignore", output, output],
    maxBuffer: 2 ** 28,
    ...(minutes === undefined ? {} : { timeout: minutes * 60_000 }),
  });
  if (show === "failure" && status !== 0)
    process.stderr.write(Buffer.concat([stdout, stderr].filter(Boolean)));
  return status === 0;
}

/**
 * Runs a Node script with the current Node.
 * @param {readonly string[]} args the script and its arguments
 * @param {Parameters<typeof run>[2]} [options]
 */
export function runNode(args, options) {
  return run(process.execPath, args, options);
}
