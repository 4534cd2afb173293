import { join } from "node:path";
import { findBrowser, howToHelp } from "./find-browser.mjs";
import { canInstallSystemPackages, root } from "./machine.mjs";
import { SetupError, say } from "./report.mjs";
import { run, runNode } from "./run.mjs";

/** For apt-get, also where Playwright calls it. */
const aptSettings = {
  DEBIAN_FRONTEND: "noninteractive",
  APT_CONFIG: join(root, "scripts", "setup", "apt.conf"),
};

/** Installs a browser for the tests when none is found. */
export function setUpBrowser() {
  if (findBrowser()) return;
  say("installing Chromium, since the tests need a browser and none was found");
  if (!installBrowser()) {
    throw new SetupError(`No browser was found, and none could be installed: ${howToHelp}.`);
  }
}

/**
 * Installs Chromium with Playwright, otherwise from the system's packages.
 * @returns {boolean} whether there is a browser now
 */
export function installBrowser() {
  const playwright = join(root, "node_modules", "@playwright", "test", "cli.js");
  if (runNode([playwright, "install", "chromium"], { show: "never", minutes: 5 })) {
    // The libraries that the download does not include.
    if (canInstallSystemPackages())
      runNode([playwright, "install-deps", "chromium"], { show: "failure", env: aptSettings });
  } else if (canInstallSystemPackages()) {
    say("Playwright's Chromium cannot be downloaded here; installing the system's by apt-get instead");
    apt("update");
    const install = ["install", "-y", "--no-install-recommends", "fonts-liberation"];
    // Not every distribution has a package of the headless shell.
    if (!apt(...install, "chromium-headless-shell")) apt(...install, "chromium");
  }
  return findBrowser() !== undefined;
}

/**
 * @param {readonly string[]} args
 * @returns {boolean} whether it succeeded
 */
function apt(...args) {
  return run("apt-get", ["-q", ...args], { show: "failure", env: aptSettings });
}
