import { expect, test } from "vitest";
import { hasGpu } from "../../scripts/setup/gpu.mjs";
import { findSwiftShader } from "../../scripts/setup/vulkan.mjs";
import { machineWith } from "./machine.ts";

const slashed = (path: string | undefined) => path?.replaceAll("\\", "/");

test("a Linux without driver and browser has no GPU; other systems always have one", () => {
  expect(hasGpu(machineWith([]))).toBe(false);
  expect(hasGpu(machineWith([], { platform: "darwin" }))).toBe(true);
  expect(hasGpu(machineWith([], { platform: "win32" }))).toBe(true);
});

test("the manifest of a Vulkan driver counts as a GPU, in its folder or named by the environment", () => {
  expect(hasGpu(machineWith(["/usr/share/vulkan/icd.d/radeon_icd.x86_64.json"]))).toBe(true);
  expect(hasGpu(machineWith(["/etc/vulkan/icd.d/nvidia_icd.json"]))).toBe(true);
  expect(hasGpu(machineWith(["/etc/vulkan/icd.d/README"]))).toBe(false);
  expect(hasGpu(machineWith([], { env: { VK_DRIVER_FILES: "/opt/driver.json" } }))).toBe(true);
  expect(hasGpu(machineWith([], { env: { VK_ICD_FILENAMES: "/opt/driver.json" } }))).toBe(true);
});

test.each([
  ["Debian's Chromium", "/usr/lib/chromium", []],
  ["Google Chrome", "/opt/google/chrome", []],
  [
    "Playwright's Chromium",
    "/home/ada/.cache/ms-playwright/chromium-1/chrome-linux64",
    ["/home/ada/.cache/ms-playwright/chromium-1/INSTALLATION_COMPLETE"],
  ],
])("the SwiftShader beside %s is found", (_, folder, others) => {
  const manifest = `${folder}/vk_swiftshader_icd.json`;
  expect(slashed(findSwiftShader(machineWith([...others, manifest])))).toBe(manifest);
});

test("the SwiftShader beside the target of a browser's link is found", () => {
  const manifest = "/opt/browser/vk_swiftshader_icd.json";
  const machine = machineWith(["/usr/bin/google-chrome", manifest], {
    links: { "/usr/bin/google-chrome": "/opt/browser/google-chrome" },
  });
  expect(slashed(findSwiftShader(machine))).toBe(manifest);
});

test("an unfinished download of Playwright does not count", () => {
  const manifest = "/home/ada/.cache/ms-playwright/chromium-1/chrome-linux64/vk_swiftshader_icd.json";
  expect(findSwiftShader(machineWith([manifest]))).toBeUndefined();
});
