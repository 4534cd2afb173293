import { expect, test } from "vitest";
import { startFolder } from "../../src/cli/paths.ts";

test("a script of this package starts where its user is", () => {
  const npm = { npm_lifecycle_event: "train", npm_package_name: "unsnow", INIT_CWD: "/home/ada" };
  expect(startFolder(npm, "/opt/unsnow")).toBe("/home/ada");
});

test.each([
  ["the program called by itself", { INIT_CWD: "/home/ada" }],
  [
    "a script of another package",
    { npm_lifecycle_event: "train", npm_package_name: "other", INIT_CWD: "/home/ada" },
  ],
  ["an npm that tells no folder", { npm_lifecycle_event: "train", npm_package_name: "unsnow" }],
])("%s starts in its own folder", (_, env) => {
  expect(startFolder(env, "/opt/unsnow")).toBe("/opt/unsnow");
});
