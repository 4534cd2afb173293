import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { everyPath, firstThatExists, thisMachine } from "./machine.mjs";
import { SetupError } from "./report.mjs";

/** @typedef {import("./machine.mjs").Machine} Machine */

export const howToHelp = "install Google Chrome or Chromium, or set UNSNOW_BROWSER to the path of one";

/**
 * The browser for the tests: $UNSNOW_BROWSER, else Playwright's own Chromium, else an installed Chrome or Chromium. A
 * headless shell is preferred: it is Chromium without a window, opens pages in half the time, and has the same
 * WebGPU.
 * @param {Machine} [machine]
 * @param {() => string | undefined} [playwright] the location of Playwright's own Chromium, if Playwright is
 * installed
 * @returns {string | undefined} the path of its program
 * @throws {SetupError} when $UNSNOW_BROWSER names no file
 */
export function findBrowser(machine = thisMachine, playwright = playwrightChromium) {
  const chosen = machine.env.UNSNOW_BROWSER;
  if (chosen) {
    if (machine.exists(chosen)) return chosen;
    throw new SetupError(`UNSNOW_BROWSER is "${chosen}", but there is no such file: ${howToHelp}.`);
  }
  const own = playwright();
  const unpacked = (own ? [headlessShellOf(own), own] : []).find(
    (program) => program && machine.exists(program) && isComplete(program, machine),
  );
  if (unpacked) return unpacked;
  return firstThatExists(installedBrowsers(machine), machine);
}

const linuxBrowsers = [
  "chromium-headless-shell",
  "google-chrome-stable",
  "google-chrome",
  "chromium",
  "chromium-browser",
];

/**
 * The usual locations of Chrome and Chromium, the most likely first.
 * @param {Machine} machine
 * @returns {string[]}
 */
export function installedBrowsers({ platform, env, home }) {
  if (platform === "darwin") {
    const names = ["Google Chrome", "Chromium"];
    return ["/Applications", join(home, "Applications")].flatMap((folder) =>
      names.map((name) => join(folder, `${name}.app`, "Contents", "MacOS", name)),
    );
  }
  if (platform === "win32") {
    const folders = [env.ProgramFiles, env["ProgramFiles(x86)"], env.LOCALAPPDATA];
    const programs = ["Google/Chrome/Application/chrome.exe", "Chromium/Application/chrome.exe"];
    return everyPath(
      folders.filter((folder) => folder !== undefined),
      programs,
    );
  }
  const folders = new Set([...(env.PATH ?? "").split(":").filter(Boolean), "/usr/bin", "/snap/bin"]);
  return everyPath([...folders], linuxBrowsers);
}

/** The location of Playwright's own Chromium; undefined if Playwright is not installed. */
function playwrightChromium() {
  try {
    const { chromium } = createRequire(import.meta.url)("@playwright/test");
    return /** @type {string} */ (chromium.executablePath());
  } catch {
    return undefined;
  }
}

/**
 * The location of the headless shell that Playwright downloads together with a Chromium: for
 * chromium-1255/chrome-linux64/chrome it is
 * chromium_headless_shell-1255/chrome-headless-shell-linux64/chrome-headless-shell.
 * @param {string} chromium
 * @returns {string | undefined}
 */
function headlessShellOf(chromium) {
  const parts = /^(.*)chromium-(\d+)([\\/])chrome-([^\\/]+)[\\/]/.exec(chromium);
  if (!parts) return undefined;
  const [, cache, revision, slash, platform = ""] = parts;
  const program = platform.startsWith("win") ? "chrome-headless-shell.exe" : "chrome-headless-shell";
  return [`${cache}chromium_headless_shell-${revision}`, `chrome-headless-shell-${platform}`, program].join(
    slash,
  );
}

/**
 * Whether Playwright finished unpacking this browser: it writes a marker file into the browser's folder at the end.
 * @param {string} program
 * @param {Machine} machine
 */
function isComplete(program, machine) {
  for (let folder = dirname(program); folder !== dirname(folder); folder = dirname(folder)) {
    if (machine.exists(join(folder, "INSTALLATION_COMPLETE"))) return true;
  }
  return false;
}
