import { spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { beforeAll, expect, test } from "vitest";
import { withLibrary } from "../library/build-library.ts";
import { outcomeOf } from "../support/outcome.ts";
import { buildProgram } from "./build-program.ts";
import { goldenFile } from "./fixtures.ts";
import { useFolder } from "./program.ts";
import { startUnsnow } from "./real-program.ts";

// Dawn's addon needs a newer glibc than some systems have. Here the import of the package fails as it does there.
beforeAll(buildProgram, 300_000);
const folder = useFolder();

const fault = "/lib/libm.so.6: version `GLIBC_2.38' not found (required by dawn.node)";
const module = (code: string) => `data:text/javascript,${encodeURIComponent(code)}`;
const failing = module(`throw new Error(${JSON.stringify(`${fault}\nRequire stack:\n- index.js`)});`);
/** Module hooks (nodejs.org/api/module.html#customization-hooks) by which `import("webgpu")` throws. */
const hooks = module(
  `export const resolve = (name, context, next) =>
    name === "webgpu" ? { url: ${JSON.stringify(failing)}, shortCircuit: true } : next(name, context);`,
);
const registration = module(`import { register } from "node:module"; register(${JSON.stringify(hooks)});`);
const env = {
  NODE_OPTIONS: `--import=${registration.replaceAll("'", "%27")}`,
  // As on a machine with a driver, on which Dawn is loaded at once.
  VK_ICD_FILENAMES: "/dev/null",
};

const sentence = `Dawn, the package webgpu, cannot be loaded on ${process.platform}-${process.arch}: ${fault}.`;

test("the program computes on the CPU where Dawn cannot be loaded, and says why", async () => {
  const train = ["train", "--data", goldenFile("odd", "train-clean.idx.gz"), "--batch", "4", "--epochs", "1"];
  const { code, stderr } = await startUnsnow([...train, "--out", folder("out")], { env });
  expect(stderr).toMatch(/^Computing on CPU \(WebAssembly, [^)]*\)\. /m);
  expect(stderr).toContain(`. ${sentence}\n`);
  expect(code).toBe(0);

  const forced = await startUnsnow([...train, "--backend", "gpu", "--out", folder("none")], { env });
  expect(forced).toEqual({ code: 1, stdout: "", stderr: `unsnow: ${sentence}\n` });

  const info = await startUnsnow(["info"], { env });
  expect(info.stdout).toContain(`none: ${sentence}`);
  expect(info.code).toBe(0);
});

test("the library does the same", async () => {
  const library = new URL("../../dist/library/index.js", import.meta.url);
  const program = `
    import { trainDenoiser } from "${library}";
    const images = { pixels: new Uint8Array(20 * 16).fill(9), count: 20, rows: 4, columns: 4 };
    const settings = { hidden: [2], batch: 4, epochs: 1 };
    const training = await trainDenoiser(images, settings);
    for await (const { epoch } of training) console.log("epoch", epoch);
    console.log(training.backend);
    console.log(training.fallbackReason);
    training.dispose();
    await trainDenoiser(images, { ...settings, backend: "gpu" }).catch((error) => console.log(error.name, error.message));`;
  const { code, stdout, stderr } = await withLibrary(() => {
    writeFileSync(folder("train.mjs"), program);
    const all = { ...process.env, ...env };
    return outcomeOf(
      spawn(process.execPath, [folder("train.mjs")], { env: all, stdio: ["ignore", "pipe", "pipe"] }),
    );
  });
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  expect(stdout).toBe(`epoch 1\ncpu\n${sentence}\nDeviceError ${sentence}\n`);
}, 120_000);
