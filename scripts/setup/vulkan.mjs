import { dirname, join } from "node:path";
import { installedBrowsers } from "./find-browser.mjs";
import { everyPath, firstThatExists, thisMachine } from "./machine.mjs";

/** @typedef {import("./machine.mjs").Machine} Machine */

/**
 * Whether a Vulkan driver is registered with the Vulkan loader.
 * @param {Machine} [machine]
 */
export function hasVulkanDriver({ env, list } = thisMachine) {
  if (env.VK_DRIVER_FILES || env.VK_ICD_FILENAMES) return true;
  const folders = ["/usr/share/vulkan/icd.d", "/usr/local/share/vulkan/icd.d", "/etc/vulkan/icd.d"];
  return folders.some((folder) => list(folder).some((name) => name.endsWith(".json")));
}

/**
 * The driver manifest of the SwiftShader in a browser's folder, which also contains the Vulkan loader.
 * @param {Machine} [machine]
 * @returns {string | undefined}
 */
export function findSwiftShader(machine = thisMachine) {
  return firstThatExists(everyPath(browserFolders(machine), ["vk_swiftshader_icd.json"]), machine);
}

/**
 * The folders in which browsers keep their programs.
 * @param {Machine} machine
 */
function browserFolders(machine) {
  const { env, home, list, exists, resolve } = machine;
  const chosen = env.UNSNOW_BROWSER;
  const programs = [...(chosen ? [chosen] : []), ...installedBrowsers(machine)].filter(exists);
  const cache = env.PLAYWRIGHT_BROWSERS_PATH ?? join(home, ".cache", "ms-playwright");
  const downloads = list(cache)
    .filter((name) => name.startsWith("chromium"))
    .filter((name) => exists(join(cache, name, "INSTALLATION_COMPLETE")))
    .flatMap((name) => list(join(cache, name)).map((folder) => join(cache, name, folder)));
  const packaged = ["/usr/lib/chromium", "/usr/lib/chromium-browser", "/usr/lib64/chromium-browser"];
  return [
    ...programs.map((program) => dirname(resolve(program))),
    ...downloads,
    ...packaged,
    "/opt/google/chrome",
  ];
}
