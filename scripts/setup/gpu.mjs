import { installBrowser } from "./browser.mjs";
import { thisMachine } from "./machine.mjs";
import { SetupError, say } from "./report.mjs";
import { findSwiftShader, hasVulkanDriver } from "./vulkan.mjs";

/** @typedef {import("./machine.mjs").Machine} Machine */

/** Provides a GPU on Linux without one: Chromium includes the software GPU SwiftShader. */
export function setUpGpu() {
  if (hasGpu()) return;
  say(
    "installing Chromium, since there is no Vulkan driver here and its SwiftShader serves as a software GPU",
  );
  if (installBrowser() && hasGpu()) return;
  throw new SetupError(
    "There is no GPU here: install the Vulkan driver of yours, or Google Chrome or Chromium for its SwiftShader.",
  );
}

/**
 * Whether the program finds a GPU or a software GPU. Only Linux can lack both.
 * @param {Machine} [machine]
 */
export function hasGpu(machine = thisMachine) {
  return machine.platform !== "linux" || hasVulkanDriver(machine) || findSwiftShader(machine) !== undefined;
}
