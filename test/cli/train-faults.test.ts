import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { beforeAll, expect, test } from "vitest";
import { DeviceError } from "../../src/device/device-error.ts";
import { goldenImages } from "./fixtures.ts";
import { unsnow, useFolder } from "./program.ts";

const folder = useFolder();
const run = ["train", ...goldenImages("odd"), "--batch", "4", "--hidden", "4", "--epochs", "1", "--quiet"];

beforeAll(() => {
  writeFileSync(folder("file"), "kept");
  mkdirSync(folder("taken/samples.png"), { recursive: true });
  writeFileSync(folder("taken/model.safetensors"), "old");
});

test.each([
  ["is a file", "file", "there is a file of that name already"],
  ["is below a file", "file/out", "a part of its path is not a folder"],
])("--out that %s", async (_, out, why) => {
  const { code, stderr } = await unsnow([...run, "--out", folder(out)]);
  expect({ code, stderr }).toEqual({
    code: 1,
    stderr: `unsnow: ${folder(out)} cannot be written: ${why}.\n`,
  });
  expect(readFileSync(folder("file"), "utf8")).toBe("kept");
});

test("a folder with the name of a result is reported before the training", async () => {
  const { code, stderr } = await unsnow([...run, "--out", folder("taken")]);
  expect(code).toBe(1);
  expect(stderr).toMatch(/^unsnow: .*samples\.png cannot be written: it is a folder\.\n$/);
  expect(readdirSync(folder("taken")).sort()).toEqual(["model.safetensors", "samples.png"]);
  expect(readFileSync(folder("taken/model.safetensors"), "utf8")).toBe("old");
});

test("a training that diverges reports where, and keeps the old results", async () => {
  mkdirSync(folder("earlier"));
  writeFileSync(folder("earlier/model.safetensors"), "old");
  const wild = ["--output", "linear", "--loss", "mse", "--optimizer", "adam", "--lr", "100"];
  const diverging = [...run, ...wild, "--epochs", "99", "--out", folder("earlier")];
  const { code, stderr } = await unsnow(diverging);
  expect(stderr).toMatch(/^unsnow: The training diverged in epoch \d+ at step \d+: [^\n]+\n$/);
  expect(code).toBe(1);
  expect(readdirSync(folder("earlier"))).toEqual(["model.safetensors"]);
  expect(readFileSync(folder("earlier/model.safetensors"), "utf8")).toBe("old");
});

test("if nothing can compute, this is reported, and no folder is left", async () => {
  const openCpu = async () => {
    throw new DeviceError("This engine has no WebAssembly with SIMD.", "unavailable");
  };
  const outcome = await unsnow([...run, "--backend", "auto"], { cwd: folder(), openCpu });
  expect(outcome).toEqual({
    code: 1,
    stdout: "",
    stderr: "unsnow: This engine has no WebAssembly with SIMD.\n",
  });
  expect(readdirSync(folder())).not.toContain("runs");
});
