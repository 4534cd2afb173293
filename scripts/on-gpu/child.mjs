// One part in its own process, with its own limit.
import { spawn } from "node:child_process";
import { closeSync, openSync, readFileSync, writeSync } from "node:fs";

/**
 * @typedef {object} Ended
 * @property {number | null} code null if it was ended by a signal
 * @property {boolean} stopped whether its limit, or the user, ended it
 * @property {number} seconds
 * @property {string} stdout
 * @property {string} reason the last line that it printed to stderr
 */

/** The share of the limit that a part has to write what it has, after it was interrupted, and the maximum in seconds. */
const grace = { share: 0.2, most: 20 };

/** @type {AbortController} */
const interruption = new AbortController();
process.on("SIGINT", () => interruption.abort());

/** Aborted when the user presses Ctrl-C. */
export const interrupted = interruption.signal;

/**
 * Runs Node with these arguments; all output goes to `log`. Near the limit it gets SIGINT, on which `unsnow train` writes its results, and
 * at the limit it is killed, with its own child processes.
 * @param {readonly string[]} args
 * @param {{ limit: number, log: string, env: NodeJS.ProcessEnv }} options the limit in seconds
 * @returns {Promise<Ended>}
 */
export function runChild(args, { limit, log, env }) {
  const started = performance.now();
  const file = openSync(log, "w");
  let stopped = false;
  let stdout = "";
  return new Promise((resolve) => {
    // Detached, so that it leads a group of processes, which is killed as one.
    const child = spawn(process.execPath, args, { env, detached: true, stdio: ["ignore", "pipe", "pipe"] });
    const send = (/** @type {NodeJS.Signals} */ signal) => {
      try {
        if (child.pid !== undefined) process.kill(-child.pid, signal);
      } catch {
        // It ended already.
      }
    };
    const stop = () => {
      stopped = true;
      send("SIGINT");
    };
    const patience = Math.min(grace.most, grace.share * limit);
    const timers = [
      setTimeout(stop, 1000 * (limit - patience)),
      setTimeout(() => send("SIGKILL"), 1000 * limit),
    ];
    const leave = () => {
      stop();
      timers.push(setTimeout(() => send("SIGKILL"), 1000 * grace.most));
    };
    interrupted.addEventListener("abort", leave);
    child.stdout.on("data", (/** @type {Buffer} */ bytes) => {
      stdout += bytes;
      writeSync(file, bytes);
    });
    child.stderr.on("data", (/** @type {Buffer} */ bytes) => writeSync(file, bytes));
    let ended = false;
    const end = (/** @type {number | null} */ code, /** @type {string} */ reason) => {
      // After a failed start both events come.
      if (ended) return;
      ended = true;
      for (const timer of timers) clearTimeout(timer);
      interrupted.removeEventListener("abort", leave);
      // A part that ended may have left processes behind.
      send("SIGKILL");
      closeSync(file);
      resolve({ code, stopped, seconds: (performance.now() - started) / 1000, stdout, reason });
    };
    child.once("error", (error) => end(null, error.message));
    child.once("close", (code, signal) => end(code, lastLine(log) || `It was ended by ${signal}.`));
  });
}

function lastLine(/** @type {string} */ file) {
  return readFileSync(file, "utf8").trimEnd().split("\n").at(-1)?.trim() ?? "";
}
