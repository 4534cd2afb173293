import { join } from "node:path";
import { everyPath, firstThatExists, thisMachine } from "./machine.mjs";

/** @typedef {import("./machine.mjs").Machine} Machine */

/**
 * An installed Firefox: $UNSNOW_FIREFOX, or one in a usual location.
 * @param {Machine} [machine]
 * @returns {string | undefined} the path of its program
 */
export function findFirefox(machine = thisMachine) {
  const { platform, env } = machine;
  if (env.UNSNOW_FIREFOX) return firstThatExists([env.UNSNOW_FIREFOX], machine);
  if (platform === "darwin") {
    return firstThatExists(["/Applications/Firefox.app/Contents/MacOS/firefox"], machine);
  }
  if (platform === "win32") {
    const folders = [env.ProgramFiles, env["ProgramFiles(x86)"]].filter((folder) => folder !== undefined);
    return firstThatExists(everyPath(folders, ["Mozilla Firefox/firefox.exe"]), machine);
  }
  return firstThatExists(everyPath(onPath(machine), ["firefox", "firefox-esr"]), machine);
}

/**
 * An installed Deno: $UNSNOW_DENO, or the one on the PATH.
 * @param {Machine} [machine]
 * @returns {string | undefined} the path of its program
 */
export function findDeno(machine = thisMachine) {
  const { env, home, platform } = machine;
  if (env.UNSNOW_DENO) return firstThatExists([env.UNSNOW_DENO], machine);
  const name = platform === "win32" ? "deno.exe" : "deno";
  return firstThatExists(everyPath([...onPath(machine), join(home, ".deno", "bin")], [name]), machine);
}

/** @param {Machine} machine */
function onPath({ env, platform }) {
  return (env.PATH ?? "").split(platform === "win32" ? ";" : ":").filter(Boolean);
}
