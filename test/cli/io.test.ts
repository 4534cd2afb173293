import { writeFileSync } from "node:fs";
import { afterEach, describe, expect, test, vi } from "vitest";
import { onInterrupt } from "../../src/cli/interruption.ts";
import { cacheFolder, fileKernelMemory } from "../../src/cli/kernel-memory.ts";
import { startFolder } from "../../src/cli/paths.ts";
import { useFolder } from "./program.ts";

const folder = useFolder();

test("a script of this package starts in the user's folder", () => {
  const npm = { npm_lifecycle_event: "train", npm_package_name: "unsnow", INIT_CWD: "/home/ada" };
  expect(startFolder(npm, "/opt/unsnow")).toBe("/home/ada");
});

test.each([
  ["the program called by itself", { INIT_CWD: "/home/ada" }],
  [
    "a script of another package",
    { npm_lifecycle_event: "train", npm_package_name: "other", INIT_CWD: "/home/ada" },
  ],
  ["an npm that does not report a folder", { npm_lifecycle_event: "train", npm_package_name: "unsnow" }],
])("%s starts in its own folder", (_, env) => {
  expect(startFolder(env, "/opt/unsnow")).toBe("/opt/unsnow");
});

test.each([
  ["win32", { LOCALAPPDATA: "C:\\local" }, "C:\\local"],
  ["darwin", { XDG_CACHE_HOME: "/cache" }, "/home/ada/Library/Caches"],
  ["linux", { XDG_CACHE_HOME: "/cache", LOCALAPPDATA: "C:\\local" }, "/cache"],
  ["linux", { XDG_CACHE_HOME: "" }, "/home/ada/.cache"],
] as const)("on %s with %j caches are in %s", (platform, env, expected) => {
  expect(cacheFolder(env, platform, "/home/ada")).toBe(expected);
});

describe("the memory of the fastest kernels", () => {
  test("is empty initially, and stores what it is given", async () => {
    const file = folder("new/kernels.json");
    const memory = fileKernelMemory(file);
    expect(await memory.all()).toEqual({});
    await memory.remember("a GPU, 784-32-784", "tile16");
    await memory.remember("another", "workgroup");
    const again = fileKernelMemory(file);
    expect(await again.recall("a GPU, 784-32-784")).toBe("tile16");
    expect(await again.all()).toEqual({ "a GPU, 784-32-784": "tile16", another: "workgroup" });
  });

  test("is lost if it cannot be written", async () => {
    writeFileSync(folder("file"), "");
    const memory = fileKernelMemory(folder("file/kernels.json"));
    await memory.remember("a GPU", "tile8");
    expect(await memory.recall("a GPU")).toBeUndefined();
  });
});

describe("requests to end", () => {
  afterEach(() => vi.useRealTimers());

  test("the first aborts, a second one from the same keystroke is ignored, and the next ends the process", () => {
    vi.useFakeTimers({ toFake: ["performance"] });
    const listeners = new Set<() => void>();
    const codes: number[] = [];
    let told = 0;
    const interruption = onInterrupt(
      {
        onEndRequest: (listener) => {
          listeners.add(listener);
          return () => listeners.delete(listener);
        },
        exit: (code) => codes.push(code),
      },
      () => {
        told += 1;
      },
    );
    const request = () => {
      for (const listener of listeners) listener();
    };
    expect(interruption.signal.aborted).toBe(false);
    request();
    expect([interruption.signal.aborted, told]).toEqual([true, 1]);
    vi.advanceTimersByTime(500);
    request();
    expect(codes).toEqual([]);
    vi.advanceTimersByTime(1);
    request();
    expect([codes, told]).toEqual([[130], 1]);
    interruption.dispose();
    expect(listeners.size).toBe(0);
  });
});
