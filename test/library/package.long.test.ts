// Packs and installs the package, and uses it in a Node program, in type checks, and in a page built by Vite, also in a browser.

import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "@playwright/test";
import { build, preview } from "vite";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { findBrowser } from "../../scripts/setup/find-browser.mjs";
import { parseModel } from "../../src/formats/model-file.ts";
import { autoencoder } from "../../src/spec/network.ts";
import { FreshProject } from "./fresh-project.ts";

const ours = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));

/** The results of the page below. */
interface Learned {
  readonly adapter: string;
  readonly losses: readonly number[];
  readonly denoised: readonly number[];
}

let project: FreshProject;
const inProject = (path: string) => join(project.folder, path);

beforeAll(async () => {
  project = await FreshProject.create();
}, 300_000);
afterAll(() => project?.remove());

test("the package is small, and has no sources, tests or tools", async () => {
  console.log(`The package has ${(project.packedBytes / 2 ** 20).toFixed(1)} MiB.`);
  expect(project.packedBytes).toBeLessThan(8 * 2 ** 20);
  const found = await readdir(inProject("node_modules/unsnow"), { recursive: true });
  const folders = found.map((name) => name.replaceAll("\\", "/").split("/").slice(0, 2).join("/"));
  expect([...new Set(folders)].sort()).toEqual([
    ...["LICENSE", "README.md", "dist", "dist/cli", "dist/library", "package.json"],
  ]);
  expect(found.filter((name) => name.includes(".built-from"))).toEqual([]);
});

describe("in Node", () => {
  test("the first example trains, and writes a model file that can be read", async () => {
    const printed = await project.node("train.mjs");
    expect(printed).toMatch(/^.+ trains\.\n(Epoch \d: validation loss 0\.\d+, \d+\.\d dB\n){5}$/);
    const { network } = parseModel(await readFile(inProject("discs.safetensors")), "discs.safetensors");
    expect(network).toEqual(autoencoder([16, 16], [64]));
  });

  test("the second example denoises with it, and with a network of the package", async () => {
    expect(await project.node("clean.mjs")).toBe(
      `256 pixels, computed from a code of 64 values.
The code alone gives the same 256 pixels.
48 x 64 pixels are clean.
`,
    );
  });

  test.each([1, 2])(
    "the CPU computes on %i threads, and the process ends after they are disposed",
    async (threads) => {
      await project.write(
        "cpu.mjs",
        `import { loadModel, trainDenoiser } from "unsnow";
       const images = { pixels: Uint8Array.from({ length: 900 }, (_, at) => at % 251), count: 100, rows: 3, columns: 3 };
       const training = await trainDenoiser(images, { backend: "cpu", threads: ${threads}, hidden: [4], batch: 10, epochs: 2 });
       console.log(training.adapter);
       for await (const { epoch, loss } of training) console.log(epoch, Number.isFinite(loss));
       const model = await training.model();
       const loaded = await loadModel(model.toSafetensors(), { backend: "cpu", threads: ${threads} });
       console.log((await loaded.denoise(new Float32Array(9))).length);
       for (const one of [training, model, loaded]) one.dispose();`,
      );
      const words = threads === 1 ? "1 thread" : `${threads} threads`;
      expect(await project.node("cpu.mjs")).toMatch(
        new RegExp(`^CPU \\(WebAssembly, (relaxed )?SIMD, ${words}\\)\n1 true\n2 true\n9\n$`),
      );
    },
  );

  test("the command-line program is included", async () => {
    const { version } = JSON.parse(await readFile(ours("package.json"), "utf8")) as { version: string };
    const { bin } = JSON.parse(await readFile(inProject("node_modules/unsnow/package.json"), "utf8")) as {
      bin: Record<string, string>;
    };
    const program = inProject(join("node_modules/unsnow", bin.unsnow ?? ""));
    expect(await project.node(program, "--version")).toBe(`${version}\n`);
    const models = await project.node(program, "denoise", "--help");
    expect(models).toContain("digits");
  });
});

describe("the types are valid", () => {
  const check = async (name: string, options: object) => {
    const compilerOptions = {
      ...{ target: "ES2022", module: "ESNext", moduleResolution: "bundler", noEmit: true, strict: true },
      ...{ exactOptionalPropertyTypes: true, noUncheckedIndexedAccess: true, skipLibCheck: true },
      ...options,
    };
    await project.write(`${name}.json`, JSON.stringify({ compilerOptions, files: [`${name}.ts`] }));
    const told = project.node(ours("node_modules/typescript/bin/tsc"), "-p", `${name}.json`);
    return told.catch(({ stdout }: { stdout: string }) => stdout);
  };

  test("in a page", async () => {
    const inPage = { lib: ["ES2023", "DOM", "ESNext.Disposable"], types: [ours("node_modules/vite/client")] };
    expect(await check("page", inPage)).toBe("");
    expect(await check("own-device", inPage)).toBe("");
  });

  test("in a Node program, without the DOM", async () => {
    await project.write(
      "program.ts",
      `import { type EpochRecord, InputError, trainDenoiser } from "unsnow";
       const pixels = new Uint8Array(90);
       const training = await trainDenoiser({ pixels, count: 10, rows: 3, columns: 3 }, { noise: "none" });
       const records: EpochRecord[] = [];
       for await (const record of training) records.push(record);
       // @ts-expect-error There is no such setting.
       await trainDenoiser({ pixels, count: 10, rows: 3, columns: 3 }, { epoch: 3 });
       // @ts-expect-error Images need their size.
       await trainDenoiser({ pixels });
       export const isOurs = (error: unknown) => error instanceof InputError;`,
    );
    const inNode = { module: "NodeNext", moduleResolution: "NodeNext", lib: ["ES2023"] };
    const types = [ours("node_modules/@types/node")];
    expect(await check("program", { ...inNode, types })).toBe("");
  });
});

describe("through Vite", () => {
  const found = (code: string, words: readonly string[]) => words.filter((word) => code.includes(word));

  /** The built code of a page with this script. */
  const bundled = async (script: string): Promise<string> => {
    await project.write("index.html", '<script type="module" src="main.ts"></script>');
    await project.write("main.ts", script);
    await build({ root: project.folder, logLevel: "warn", build: { outDir: "built", minify: false } });
    const assets = await readdir(inProject("built/assets"));
    const code = assets.filter((name) => name.endsWith(".js"));
    return (
      await Promise.all(code.map((name) => readFile(inProject(`built/assets/${name}`), "utf8")))
    ).join();
  };

  test("a page contains no code for Node, and only the parts of the library that it imports", async () => {
    const all = await bundled('import * as page from "./page.ts"; Object.assign(globalThis, page);');
    expect(found(all, ["fn main", "weight_update", "blend_windows"])).toHaveLength(3);
    const ofNode = ['"node:', 'import("webgpu")', "dlopen", '"#default-gpu"', '"#cpu-threads"', "parentPort"];
    expect(found(all, ofNode)).toEqual([]);

    const denoising = await bundled(
      'import { loadModel } from "unsnow"; Object.assign(globalThis, { loadModel });',
    );
    expect(found(denoising, ["fn main", "blend_windows"])).toHaveLength(2);
    expect(found(denoising, ["shuffle_order", "corrupt_batch", "fn finishStep", "class Trainer"])).toEqual(
      [],
    );

    const error = await bundled('import { InputError } from "unsnow"; console.log(new InputError("x"));');
    expect(found(error, ["@compute", "safetensors", "GPU", "WebAssembly"])).toEqual([]);
  });

  const isolation = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
  };

  test.each([
    ["with isolation", isolation, "3 threads"],
    ["without isolation", {}, "1 thread"],
  ])("the CPU computes in a page %s", async (_which, headers, threads) => {
    await bundled(
      `import { trainDenoiser } from "unsnow";
       const learn = async () => {
         const images = { pixels: Uint8Array.from({ length: 900 }, (_, at) => at % 251), count: 100, rows: 3, columns: 3 };
         using training = await trainDenoiser(images, { backend: "cpu", threads: 3, hidden: [4], batch: 10, epochs: 2 });
         const losses: number[] = [];
         for await (const { loss } of training) losses.push(loss);
         using model = await training.model();
         const denoised = await model.denoise(new Float32Array(9));
         return { adapter: training.adapter, losses, denoised: [...denoised] };
       };
       Object.assign(globalThis, { learn });`,
    );
    const server = await preview({
      root: project.folder,
      logLevel: "error",
      build: { outDir: "built" },
      preview: { host: "127.0.0.1", port: 0, headers },
    });
    const executablePath = findBrowser();
    const browser = await chromium.launch({
      args: ["--no-sandbox"],
      ...(executablePath && { executablePath }),
    });
    try {
      const page = await browser.newPage();
      await page.goto(server.resolvedUrls?.local[0] ?? "");
      await page.waitForFunction(() => "learn" in globalThis);
      const { adapter, losses, denoised } = await page.evaluate(() =>
        (globalThis as unknown as { learn(): Promise<Learned> }).learn(),
      );
      expect(adapter).toMatch(new RegExp(`^CPU \\(WebAssembly, (relaxed )?SIMD, ${threads}\\)$`));
      expect(losses).toHaveLength(2);
      expect([...losses, ...denoised].every(Number.isFinite)).toBe(true);
    } finally {
      await browser.close();
      await server.close();
    }
  });
});
