import { posix } from "node:path";
import { describe, expect, test } from "vitest";
import { files, importsOf, importsOfWasm, read } from "./sources.ts";

/**
 * The floors of src/, from the bottom up. A file imports only its own floor and those below, and not others of its row.
 */
const floors = [
  ["spec"],
  ["math"],
  ["data"],
  ["metrics"],
  ["filters"],
  ["reference"],
  ["device"],
  ["cpu", "gpu"],
  ["kernels", "dawn"],
  ["network", "filtering"],
  ["training"],
  ["engine"],
  ["alone"],
  ["formats"],
  ["lab", "cli", "library"],
  ["index.ts"],
];

/**
 * Pairs of floors that must not import each other, so that a reference shares no code with what it is compared with.
 */
const strangers = new Set(["reference gpu", "gpu reference", "device reference"]);

/** The floors that may open a GPU; all others compute on any Device. */
const floorsOfGpu = ["gpu", "dawn", "lab", "cli", "library"];

/** The CPU is opened in one file, and imports no code for training: it computes with the kernels in wasm/. */
const openerOfCpu = "src/engine/open-cpu.ts";
const belowCpu = ["device", "spec"];
/** The CPU's threads, which browsers and Node start differently. package.json selects the module. */
const cpuThreads = "#cpu-threads";
const kernelsOfCpu = /^wasm\/index\.ts\?(simd|relaxed)(-shared)?$/;

/** Packages that only one floor may import. */
const packagesOfLab = /^(preact|@preact\/signals|comlink|uplot)(\/|$)/;
const packagesOfCli = /^(sharp$|commander$|cli-progress$|tinyglobby$)/;

/** Node's modules, and its WebGPU. */
const packagesOfNode = /^(node:|webgpu$)/;
const floorsOfNode = ["dawn", "cli"];

/** The Node modules for the CPU's threads. */
const nodeOfCpu = ["node:worker_threads", "node:os"];
const isOfNodeThreads = (file: string) => /^src\/cpu\/node-[\w-]+\.ts$/.test(file);

/** Searches for a software GPU, in the program and in the set-up. */
const sharedWithSetup = "scripts/setup/vulkan.mjs";

/** "src/gpu/device.ts" -> "gpu"; undefined outside src/ and in a folder that is not a floor. */
function floorOf(file: string): string | undefined {
  const [top, floor = ""] = file.split("/");
  return top === "src" && floors.flat().includes(floor) ? floor : undefined;
}

const heightOf = (floor: string) => floors.findIndex((row) => row.includes(floor));

/** The rule that this import breaks, in one sentence that names both files; undefined if it breaks none. */
function brokenRule(file: string, request: string): string | undefined {
  const floor = floorOf(file);
  if (floor === undefined) return `${file} lies on no floor of src/`;
  if (request === cpuThreads && file !== openerOfCpu) {
    return `${file} imports ${request}: only ${openerOfCpu} may`;
  }
  if (!request.startsWith(".")) {
    if (isOfNodeThreads(file) && nodeOfCpu.includes(request)) return undefined;
    if (packagesOfCli.test(request) && floor !== "cli") return `${file} imports ${request}: only src/cli may`;
    if (packagesOfNode.test(request) && !floorsOfNode.includes(floor)) {
      return `${file} imports ${request}: only src/dawn, src/cli and the CPU's threads may`;
    }
    if (packagesOfLab.test(request) && floor !== "lab") return `${file} imports ${request}: only src/lab may`;
    return undefined;
  }
  const target = posix.join(posix.dirname(file), request);
  if (target.startsWith("shaders/")) return undefined;
  if (floor === "cpu" && kernelsOfCpu.test(target)) return undefined;
  if (floor === "dawn" && target === sharedWithSetup) return undefined;
  const below = floorOf(target);
  if (below === undefined) return `${file} imports ${target}, which lies on no floor of src/`;
  if (floor === below) return undefined;
  if (strangers.has(`${floor} ${below}`)) return `${file} imports ${target}: ${floor} and ${below} never do`;
  if (below === "gpu" && !floorsOfGpu.includes(floor))
    return `${file} imports ${target}: it computes on any Device`;
  if (below === "cpu" && floor !== "engine")
    return `${file} imports ${target}: only src/engine opens the CPU`;
  if (floor === "cpu" && !belowCpu.includes(below)) {
    return `${file} imports ${target}: the CPU needs ${belowCpu.join(" and ")} only`;
  }
  if (heightOf(below) < heightOf(floor)) return undefined;
  return `${file} imports ${target}, but ${below} is no floor below ${floor}`;
}

describe("the floors", () => {
  test("files of src/ import only their own floor and floors below", () => {
    const sources = files("src", /\.tsx?$/);
    expect(sources).not.toEqual([]);
    const broken = sources.flatMap((file) =>
      importsOf(file, read(file)).flatMap((request) => brokenRule(file, request) ?? []),
    );
    expect([...new Set(broken)]).toEqual([]);
  });

  test("the rule detects every kind of import", () => {
    const code = `
      import { a } from "./a.ts";
      import type { B } from "./b.ts";
      export { c } from "./c.ts";
      export * from "./d.ts";
      type E = import("./e.ts").E;
      const f = await import("./f.ts");
      const g = new URL("./g.ts", import.meta.url);`;
    expect(importsOf("x.ts", code).sort()).toEqual(
      ["a", "b", "c", "d", "e", "f", "g"].map((x) => `./${x}.ts`),
    );
  });

  test.each([
    ["src/spec/noise.ts", "../math/philox.ts"],
    ["src/gpu/device.ts", "../reference/adadelta-update.ts"],
    ["src/reference/adadelta-update.ts", "../gpu/device.ts"],
    ["src/device/kernel.ts", "../reference/adadelta-update.ts"],
    ["src/device/buffers.ts", "../gpu/gpu.ts"],
    ["src/training/step.ts", "../gpu/gpu.ts"],
    ["src/lab/main.tsx", "../cli/unsnow.ts"],
    ["src/library/train-denoiser.ts", "../cli/train.ts"],
    ["src/library/compute.ts", "node:process"],
    ["src/dawn/node-gpu.ts", "../training/trainer.ts"],
    ["src/training/loop.ts", "../index.ts"],
    ["src/data/idx.ts", "node:zlib"],
    ["src/training/loop.ts", "@preact/signals"],
    ["src/gpu/device.ts", "webgpu"],
    ["src/lab/main.tsx", "../../test/house/floors.test.ts"],
    ["src/stray/file.ts", "../spec/noise.ts"],
    ["src/cpu/cpu.ts", "node:os"],
    ["src/cpu/node-threads.ts", "node:fs"],
    ["src/cpu/cpu.ts", "../math/philox.ts"],
    ["src/cpu/cpu.ts", "../gpu/gpu.ts"],
    ["src/cpu/cpu.ts", "#cpu-threads"],
    ["src/library/compute.ts", "#cpu-threads"],
    ["src/training/step.ts", "../cpu/cpu.ts"],
    ["src/cli/train.ts", "../cpu/cpu.ts"],
    ["src/kernels/sweep.ts", "../../wasm/index.ts?simd"],
    ["src/cpu/load-kernels.ts", "../../wasm/lib/philox.ts"],
  ])("%s must not import %s", (file, request) => {
    expect(brokenRule(file, request)).toContain(file);
  });

  test.each([
    ["src/training/loop.ts", "../kernels/dense-forward.ts"],
    ["src/kernels/dense-forward.ts", "../../shaders/dense_forward.wgsl"],
    ["src/lab/main.tsx", "preact/hooks"],
    ["src/cli/unsnow.ts", "node:fs"],
    ["src/dawn/node-gpu.ts", "webgpu"],
    ["src/index.ts", "./spec/noise.ts"],
    ["src/training/step.ts", "../device/device.ts"],
    ["src/library/shared-device.ts", "../gpu/gpu.ts"],
    ["src/engine/open-cpu.ts", "#cpu-threads"],
    ["src/engine/open-cpu.ts", "../cpu/cpu.ts"],
    ["src/cpu/node-threads.ts", "node:worker_threads"],
    ["src/cpu/load-kernels.ts", "../../wasm/index.ts?relaxed-shared"],
    ["src/cpu/load-kernels.ts", "wasm-feature-detect"],
  ])("%s may import %s", (file, request) => {
    expect(brokenRule(file, request)).toBeUndefined();
  });
});

describe("the kernels in wasm/", () => {
  const kernels = files("wasm", /\.ts$/);
  /** "wasm/lib/math.ts" for the import "./lib/math" in wasm/dense_loss.ts. */
  const targetOf = (file: string, request: string) => posix.join(posix.dirname(file), `${request}.ts`);

  test("import only each other", () => {
    expect(kernels.length).toBeGreaterThan(20);
    const broken = kernels.flatMap((file) =>
      importsOfWasm(read(file)).filter(
        (request) => !request.startsWith(".") || !kernels.includes(targetOf(file, request)),
      ),
    );
    expect(broken).toEqual([]);
  });

  test("share code only through wasm/lib/, and do not import other kernels", () => {
    const broken = kernels
      .filter((file) => file !== "wasm/index.ts")
      .flatMap((file) => importsOfWasm(read(file)).map((request) => targetOf(file, request)))
      .filter((target) => !target.startsWith("wasm/lib/"));
    expect(broken).toEqual([]);
  });

  test("have imports that are all found", () => {
    const code =
      'import { a } from "./lib/a";\nexport { b } from "./b";\n// @ts-ignore: decorator\n@inline\nexport function c(): void {}';
    expect(importsOfWasm(code)).toEqual(["./lib/a", "./b"]);
  });
});
