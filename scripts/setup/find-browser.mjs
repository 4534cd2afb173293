import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { everyPath, firstThatExists, thisMachine } from "./machine.mjs";
import { SetupError } from "./report.mjs";

/** @typedef {import("./machine.mjs").Machine} Machine */

export const howToHelp = "install Google Chrome or Chromium, or set UNSNOW_BROWSER to the path of one";

/**
 * The browser that the tests use: $UNSNOW_BROWSER, else Playwright's own Chromium, else an installed Chrome or Chromium. A headless
 * shell goes before a whole browser: it is Chromium without a window, a page opens in half the time, and WebGPU is the same.
 * @param {Machine} [machine]
 * @param {() => string | undefined} [playwright] where Playwright keeps its own Chromium, once it is installed
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
 * Where Chrome and Chromium are usually installed, the likeliest first.
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

/** Where Playwright keeps its own Chromium; undefined while Playwright is not installed. */
function playwrightChromium() {
  try {
    const { chromium } = createRequire(import.meta.url)("@playwright/test");
    return /** @type {string} */ (chromium.executablePath());
  } catch {
    return undefined;
  }
}

/**
 * Where Playwright keeps the headless shell that it downloads together with a Chromium: chromium-1255/chrome-linux64/chrome has
 * chromium_headless_shell-1255/chrome-headless-shell-linux64/chrome-headless-shell beside it.
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
 * Whether Playwright finished unpacking this browser: it leaves a marker in the browser's folder at the end.
 * @param {string} program
 * @param {Machine} machine
 */
function isComplete(program, machine) {
  for (let folder = dirname(program); folder !== dirname(folder); folder = dirname(folder)) {
    if (machine.exists(join(folder, "INSTALLATION_COMPLETE"))) return true;
  }
  return false;
}
