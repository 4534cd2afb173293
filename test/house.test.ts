import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, join, posix } from "node:path";
import { fileURLToPath } from "node:url";
import { parseSync } from "vite";
import { describe, expect, test } from "vitest";

/** The floors of src/, from the ground up. A file imports only its own floor and those below; row mates never meet. */
const floors = [
  ["spec"],
  ["math"],
  ["data"],
  ["metrics"],
  ["filters"],
  ["reference"],
  ["gpu"],
  ["kernels", "dawn"],
  ["network", "filtering"],
  ["training"],
  ["engine"],
  ["formats"],
  ["lab", "cli", "library"],
  ["index.ts"],
];

/** Neighbours that must stay strangers, so that the yardstick and what it measures share nothing. */
const strangers = new Set(["reference gpu", "gpu reference"]);

/** Packages that belong to one floor. */
const packagesOfLab = /^(preact|@preact\/signals|comlink|uplot)(\/|$)/;
const packagesOfCli = /^(sharp$|commander$|cli-progress$|tinyglobby$)/;

/** Node, and WebGPU for it. */
const packagesOfNode = /^(node:|webgpu$)/;
const floorsOfNode = ["dawn", "cli"];

/** Where a software GPU lies: the program and the set-up before it search alike. */
const sharedWithSetup = "scripts/setup/vulkan.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const read = (file: string) => readFileSync(join(root, file), "utf8");

/** The repository's files below a folder that end so, with "/" on every system, in a fixed order. */
const files = (folder: string, ending: RegExp) =>
  readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .map((name) => `${folder}/${name.replaceAll("\\", "/")}`)
    .filter((file) => ending.test(file))
    .sort();

/** "src/gpu/device.ts" -> "gpu"; undefined outside src/ and in a folder that is no floor. */
function floorOf(file: string): string | undefined {
  const [top, floor = ""] = file.split("/");
  return top === "src" && floors.flat().includes(floor) ? floor : undefined;
}

const heightOf = (floor: string) => floors.findIndex((row) => row.includes(floor));

/** What a file imports, statically or not, for its types or as a worker. */
function importsOf(file: string, code: string): string[] {
  const { module } = parseSync(file, code);
  const written = [
    ...module.staticImports.map(({ moduleRequest }) => moduleRequest.value),
    ...module.staticExports.flatMap(({ entries }) =>
      entries.map(({ moduleRequest }) => moduleRequest?.value),
    ),
    ...[...code.matchAll(/\b(?:import\(|new URL\()\s*"([^"]+)"/g)].map((found) => found[1]),
  ];
  return [...new Set(written)].filter((request) => request !== undefined);
}

/** The rule that this import breaks, in a sentence that names both; undefined for a good one. */
function brokenRule(file: string, request: string): string | undefined {
  const floor = floorOf(file);
  if (floor === undefined) return `${file} lies on no floor of src/`;
  if (!request.startsWith(".")) {
    if (packagesOfCli.test(request) && floor !== "cli") return `${file} imports ${request}: only src/cli may`;
    if (packagesOfNode.test(request) && !floorsOfNode.includes(floor)) {
      return `${file} imports ${request}: only src/dawn and src/cli may`;
    }
    if (packagesOfLab.test(request) && floor !== "lab") return `${file} imports ${request}: only src/lab may`;
    return undefined;
  }
  const target = posix.join(posix.dirname(file), request);
  if (target.startsWith("shaders/")) return undefined;
  if (floor === "dawn" && target === sharedWithSetup) return undefined;
  const below = floorOf(target);
  if (below === undefined) return `${file} imports ${target}, which lies on no floor of src/`;
  if (floor === below) return undefined;
  if (strangers.has(`${floor} ${below}`)) return `${file} imports ${target}: ${floor} and ${below} never do`;
  if (heightOf(below) < heightOf(floor)) return undefined;
  return `${file} imports ${target}, but ${below} is no floor below ${floor}`;
}

/** The names that a module exports. */
function exportsOf(file: string): string[] {
  const { module } = parseSync(file, read(file));
  return module.staticExports.flatMap(({ entries }) =>
    entries.flatMap(({ exportName }) => exportName.name ?? []),
  );
}

describe("the floors", () => {
  test("every import of src/ goes to its own floor or a floor below", () => {
    const sources = files("src", /\.tsx?$/);
    expect(sources).not.toEqual([]);
    const broken = sources.flatMap((file) =>
      importsOf(file, read(file)).flatMap((request) => brokenRule(file, request) ?? []),
    );
    expect([...new Set(broken)]).toEqual([]);
  });

  test("the rule sees every kind of import", () => {
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
    ["src/lab/main.tsx", "../cli/unsnow.ts"],
    ["src/library/train-denoiser.ts", "../cli/train.ts"],
    ["src/library/compute.ts", "node:process"],
    ["src/dawn/node-gpu.ts", "../training/trainer.ts"],
    ["src/training/loop.ts", "../index.ts"],
    ["src/data/idx.ts", "node:zlib"],
    ["src/training/loop.ts", "@preact/signals"],
    ["src/gpu/device.ts", "webgpu"],
    ["src/lab/main.tsx", "../../test/house.test.ts"],
    ["src/stray/file.ts", "../spec/noise.ts"],
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
  ])("%s may import %s", (file, request) => {
    expect(brokenRule(file, request)).toBeUndefined();
  });
});

describe("a shader, its kernel and its reference bear one name", () => {
  const shaders = files("shaders", /^shaders\/[\w.]+\.wgsl$/).map((file) => basename(file, ".wgsl"));
  const kernels = files("src/kernels", /\.ts$/).flatMap(exportsOf);

  test.each(shaders)("%s", (shader) => {
    // A product has a shader for each way of computing it, "name.way.wgsl".
    const name = shader.replace(/\..*/, "");
    const kebab = name.replaceAll("_", "-");
    const camel = name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
    // The classical filters are references of their own.
    const filter = `src/filters/${kebab}.ts`;
    const reference = existsSync(join(root, filter)) ? filter : `src/reference/${kebab}.ts`;
    const homes = kernels.filter((exported) => exported === camel);
    expect(
      homes.length,
      `one file of src/kernels must export ${camel}, as shaders/${name}.wgsl is named`,
    ).toBe(1);
    expect(existsSync(join(root, reference)), `shaders/${name}.wgsl needs ${reference}`).toBe(true);
    expect(
      exportsOf(reference),
      `${reference} must export ${camel}, as shaders/${name}.wgsl is named`,
    ).toContain(camel);
  });
});

describe("a shader file", () => {
  test.each(files("shaders", /\.wgsl$/))("%s", (file) => {
    const text = read(file);
    expect(text.split("\n")[0], `${file} must start with a header comment`).toMatch(/^\/\/ \S/);
    const code = text.replace(/\/\/.*|\/\*[\s\S]*?\*\//g, "");
    const entries = [...code.matchAll(/@compute\b[\s\S]*?\bfn\s+(\w+)/g)].map((found) => found[1]);
    const wanted = file.startsWith("shaders/lib/") ? [] : ["main"];
    expect(entries, `${file} must declare these @compute entries and no others`).toEqual(wanted);
  });
});

/** Files of tests that read a clock for another reason than to see how long something takes. */
const clockReaders: Readonly<Record<string, string>> = {
  "test/fuzz/examine.ts": "limits the processor's time in `npm run fuzz` only",
  "test/fuzz/fuzz.test.ts": "prints how many inputs `npm run fuzz` reads in a second",
  "test/lab/runs/keep-run.test.ts": "starts a made clock at the present",
  "test/support/one-at-a-time.ts": "finds a lock that was left behind",
  "e2e/webgpu.spec.ts": "compares the profiler's times with the page's clock",
};

describe("a test measures no time and waits for no duration", () => {
  const clock = /performance\.now\(\)|Date\.now\(\)|cpuUsage\(|hrtime|waitForTimeout\(/;
  const readers = [...files("test", /\.ts$/), ...files("e2e", /\.ts$/)].filter(
    (file) => file !== "test/house.test.ts" && clock.test(read(file)),
  );

  test("but for these, which say why", () => {
    expect(readers.sort()).toEqual(Object.keys(clockReaders).sort());
  });
});
