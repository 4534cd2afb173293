import { join } from "node:path";
import { findBrowser, howToHelp } from "./find-browser.mjs";
import { canInstallSystemPackages, root } from "./machine.mjs";
import { SetupError, say } from "./report.mjs";
import { run, runNode } from "./run.mjs";

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
    if (canInstallSystemPackages()) runNode([playwright, "install-deps", "chromium"], { show: "failure" });
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
 * Runs apt-get, which waits up to five minutes while another program installs packages.
 * @param {readonly string[]} args
 * @returns {boolean} whether it succeeded
 */
export function apt(...args) {
  return run("apt-get", ["-q", "-o", "DPkg::Lock::Timeout=300", ...args], { show: "failure", env: { DEBIAN_FRONTEND: "noninteractive" } });
}
