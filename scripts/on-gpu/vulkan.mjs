// Finds what Dawn needs on a machine whose Vulkan is not completely installed, as in many containers.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { everyPath, firstThatExists, thisMachine } from "../setup/machine.mjs";
import { findSwiftShader, hasVulkanDriver } from "../setup/vulkan.mjs";

/** @typedef {import("../setup/machine.mjs").Machine} Machine */

const loader = "libvulkan.so.1";

/** Folders of shared libraries on Linux. */
const systemFolders = [
  ...[
    "/usr/lib/x86_64-linux-gnu",
    "/lib/x86_64-linux-gnu",
    "/usr/lib64",
    "/lib64",
    "/usr/lib",
    "/usr/local/lib",
  ],
  ...["/usr/local/nvidia/lib64", "/usr/local/nvidia/lib"],
];

/** Manifests of NVIDIA's driver where the loader does not look. */
const strayManifests = [
  "/usr/local/nvidia/share/vulkan/icd.d/nvidia_icd.json",
  "/usr/local/nvidia/vulkan/icd.d/nvidia_icd.json",
];

/** NVIDIA's Vulkan driver: the usual one, which needs the libraries of X11, and the same without them. */
const nvidiaDriver = { x11: "libGLX_nvidia.so.0", headless: "libEGL_nvidia.so.0" };

/**
 * The Vulkan loader of this machine, or that of a browser.
 * @returns {string | undefined} its path
 */
export function findLoader(machine = thisMachine) {
  const browser = findSwiftShader(machine);
  const beside = browser === undefined ? [] : [join(browser, "..", loader)];
  return firstThatExists([...everyPath(libraryFolders(machine), [loader]), ...beside], machine);
}

/** @param {Machine} machine */
function libraryFolders({ env }) {
  return [...(env.LD_LIBRARY_PATH ?? "").split(":").filter(Boolean), ...systemFolders];
}

/**
 * The environment in which the parts find a Vulkan loader and a driver, and what had to be done for it.
 * @param {string} root the unpacked archive
 * @param {string} scratch a folder for a manifest
 * @param {Machine} [machine]
 * @returns {{ env: Record<string, string>, remarks: string[] }}
 */
export function vulkanEnvironment(root, scratch, machine = thisMachine) {
  /** @type {Record<string, string>} */
  const env = {};
  const remarks = [];
  const folders = libraryFolders(machine);
  const path = machine.env.LD_LIBRARY_PATH;
  const add = (/** @type {string} */ folder) => {
    env.LD_LIBRARY_PATH = [env.LD_LIBRARY_PATH ?? path, folder].filter(Boolean).join(":");
  };
  if (!firstThatExists(everyPath(folders, [loader]), machine)) {
    if (machine.exists(join(root, "lib", loader))) {
      add(join(root, "lib"));
      remarks.push(`This machine has no Vulkan loader (${loader}), so that of the archive is used.`);
    } else {
      remarks.push(
        `This machine has no Vulkan loader (${loader}), nor does the archive: install it (apt-get install libvulkan1, or dnf install vulkan-loader).`,
      );
    }
  }
  if (hasVulkanDriver(machine)) return { env, remarks };
  const stray = firstThatExists(strayManifests, machine);
  const hasX11 = firstThatExists(everyPath(folders, ["libX11.so.6"]), machine) !== undefined;
  const name = hasX11 ? nvidiaDriver.x11 : nvidiaDriver.headless;
  const driver = firstThatExists(everyPath(folders, [name]), machine);
  if (stray !== undefined) {
    env.VK_DRIVER_FILES = stray;
    remarks.push(`The Vulkan driver is that of ${stray}.`);
  } else if (driver !== undefined) {
    mkdirSync(scratch, { recursive: true });
    env.VK_DRIVER_FILES = join(scratch, "icd.json");
    const manifest = { file_format_version: "1.0.1", ICD: { library_path: driver, api_version: "1.3.0" } };
    writeFileSync(env.VK_DRIVER_FILES, JSON.stringify(manifest));
    remarks.push(`No Vulkan driver is registered here, so ${driver} is used.`);
  } else if (machine.exists("/dev/nvidiactl")) {
    remarks.push(
      "There is an NVIDIA GPU, but no Vulkan driver of it: start the container with NVIDIA_DRIVER_CAPABILITIES=all, or install the driver's libnvidia-gl package.",
    );
  }
  // Loaders before 1.3.207 know only the older name.
  if (env.VK_DRIVER_FILES !== undefined) env.VK_ICD_FILENAMES = env.VK_DRIVER_FILES;
  return { env, remarks };
}
