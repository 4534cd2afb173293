import { spawn } from "node:child_process";
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { beforeAll, expect, test } from "vitest";
import { denseLayers } from "../../src/spec/layers.ts";
import { hiddenOf } from "../../src/spec/network.ts";
import { outcomeOf } from "../support/outcome.ts";
import { buildProgram } from "./build-program.ts";
import { goldenFile, goldenImages, readHistory, readModel } from "./fixtures.ts";
import { useFolder } from "./program.ts";
import { programFile, startUnsnow } from "./real-program.ts";

// Tests that need a separate process. All other tests of the program run in-process.
beforeAll(buildProgram, 300_000);
const folder = useFolder();
const small = ["train", ...goldenImages("tiny"), "--batch", "4", "--hidden", "2"];

test("a command line ends with its exit code, and writes to the process's stdout and stderr", async () => {
  const wrong = await startUnsnow(["trian"]);
  expect(wrong).toEqual({ code: 2, stdout: "", stderr: "unsnow: unknown command 'trian'\n" });
  const version = await startUnsnow(["--version"]);
  expect(version).toEqual({ code: 0, stdout: "0.1.0\n", stderr: "" });
});

test("a reader that closes the pipe early causes no error", async () => {
  const child = spawn(process.execPath, [programFile, "train", "--help"], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  child.stdout.destroy();
  let stderr = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  const code = await new Promise((resolve) => child.on("close", resolve));
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
});

test("an option that npm takes for itself is reported, with the command that passes it on", async () => {
  const cwd = folder("npm");
  mkdirSync(cwd);
  const script = `"${process.execPath}" "${programFile}" train --data absent.idx`;
  writeFileSync(`${cwd}/package.json`, JSON.stringify({ name: "another", scripts: { learn: script } }));
  const npm = process.platform === "win32" ? "npm.cmd" : "npm";
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^npm_/i.test(name)));
  const args = ["run", "learn", "--silent", "--epochs=3", "--no-flips", "--noise-map"];
  const child = spawn(npm, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
  const { code, stderr } = await outcomeOf(child);
  const lines = stderr.trimEnd().split("\n");
  expect(lines).toContain(
    "npm took --no-flips and --noise-map and --epochs for itself: write npm run learn -- --no-flips --noise-map --epochs 3.",
  );
  expect(lines.at(-1)).toBe("unsnow: absent.idx cannot be read: there is no such file or folder.");
  expect(code).toBe(1);
});

test("trains, and denoises with the resulting model, in the current folder", async () => {
  const cwd = folder();
  const trained = await startUnsnow([...small, "--epochs", "2", "--out", "out"], { cwd });
  expect(trained.stderr).toMatch(/^epoch 2\/2: loss /m);
  expect(trained.stdout).toMatch(/^results in +out$/m);
  expect(trained.code).toBe(0);
  const noisy = ["--data", goldenFile("tiny", "val-noisy.idx.gz")];
  const model = ["--model", "out/model.safetensors"];
  const { code, stdout } = await startUnsnow(["denoise", ...model, ...noisy, "--out", "clean"], { cwd });
  expect(code).toBe(0);
  expect(stdout).toMatch(/^Denoised 2 images of .*val-noisy\.idx\.gz on .+ into clean\.\n$/);
  expect(readdirSync(folder("clean")).sort()).toEqual(["denoised.idx", "denoised.png"]);
});

test.each(["SIGINT", "SIGTERM"] as const)(
  "%s ends the training, which writes its results so far and exits with 130",
  async (signal) => {
    const out = folder(signal);
    let sent = false;
    const { code, stdout, stderr } = await startUnsnow([...small, "--epochs", "1000000", "--out", out], {
      onStderr: (text, end) => {
        if (sent || !text.includes("epoch 3/1000000")) return;
        sent = true;
        end(signal);
      },
    });
    expect(code).toBe(130);
    expect(stderr).toContain("Stopping after the current steps");
    const { epochs } = readHistory(`${out}/history.json`);
    expect(epochs.length).toBeGreaterThanOrEqual(3);
    expect(stdout).toContain(`Stopped after ${epochs.length} of 1000000 epochs`);
    expect(hiddenOf(readModel(`${out}/model.safetensors`).network)).toEqual(denseLayers(2));
    expect(readdirSync(out).length).toBe(5);
  },
);
