import { expect, test } from "vitest";
import { findBrowser } from "../../scripts/setup/find-browser.mjs";
import { machineWith } from "./machine.ts";

const cache = "/home/ada/.cache/ms-playwright/chromium-1";
const own = `${cache}/chrome-linux64/chrome`;
const playwright = () => own;
const none = () => undefined;
const slashed = (path: string | undefined) => path?.replaceAll("\\", "/");

test("UNSNOW_BROWSER takes precedence over every other browser", () => {
  const files = ["/opt/mine", own, `${cache}/INSTALLATION_COMPLETE`, "/usr/bin/chromium"];
  expect(findBrowser(machineWith(files, { env: { UNSNOW_BROWSER: "/opt/mine" } }), playwright)).toBe(
    "/opt/mine",
  );
});

test("an UNSNOW_BROWSER that does not exist gives an error that names it", () => {
  const machine = machineWith(["/usr/bin/chromium"], { env: { UNSNOW_BROWSER: "/opt/gone" } });
  expect(() => findBrowser(machine, none)).toThrow(/UNSNOW_BROWSER is "\/opt\/gone"/);
});

test("Playwright's own Chromium takes precedence over an installed one, if it is completely unpacked", () => {
  const half = [own, "/usr/bin/chromium"];
  expect(findBrowser(machineWith([...half, `${cache}/INSTALLATION_COMPLETE`]), playwright)).toBe(own);
  expect(slashed(findBrowser(machineWith(half), playwright))).toBe("/usr/bin/chromium");
});

test.each([
  [
    "/home/ada/.cache/ms-playwright/chromium-1255/chrome-linux64/chrome",
    "/home/ada/.cache/ms-playwright/chromium_headless_shell-1255/",
    "chrome-headless-shell-linux64/chrome-headless-shell",
  ],
  [
    "/Users/ada/Library/Caches/ms-playwright/chromium-1255/chrome-mac-arm64/Google Chrome for Testing.app/Contents/MacOS/Google Chrome for Testing",
    "/Users/ada/Library/Caches/ms-playwright/chromium_headless_shell-1255/",
    "chrome-headless-shell-mac-arm64/chrome-headless-shell",
  ],
])("the headless shell beside %s is found if it is completely unpacked", (chromium, folder, shell) => {
  const found = (files: string[]) => slashed(findBrowser(machineWith(files), () => chromium));
  expect(found([folder + shell, `${folder}INSTALLATION_COMPLETE`])).toBe(folder + shell);
  expect(found([folder + shell])).toBeUndefined();
});

test.each<[NodeJS.Platform, string]>([
  ["linux", "/usr/bin/google-chrome-stable"],
  ["linux", "/usr/local/bin/chromium"],
  ["linux", "/snap/bin/chromium"],
  ["darwin", "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"],
  ["darwin", "/home/ada/Applications/Chromium.app/Contents/MacOS/Chromium"],
  ["win32", "C:/Program Files/Google/Chrome/Application/chrome.exe"],
])("on %s, %s is found", (platform, path) => {
  const env = { PATH: "/usr/local/bin", ProgramFiles: "C:/Program Files" };
  expect(slashed(findBrowser(machineWith([path], { platform, env }), none))).toBe(path);
});

test("a headless shell takes precedence over a full browser", () => {
  const files = ["/usr/bin/google-chrome", "/usr/bin/chromium", "/usr/bin/chromium-headless-shell"];
  expect(slashed(findBrowser(machineWith(files), none))).toBe("/usr/bin/chromium-headless-shell");
});

test("none is found if there is no browser", () => {
  expect(findBrowser(machineWith([]), playwright)).toBeUndefined();
});
