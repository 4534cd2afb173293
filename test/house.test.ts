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
  ["cpu", "gpu"],
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

/** A node of a syntax tree, as ESTree has it. */
interface SyntaxNode {
  readonly type: string;
  readonly [part: string]: unknown;
}

const isNode = (part: unknown): part is SyntaxNode =>
  typeof part === "object" && part !== null && "type" in part && typeof part.type === "string";

/** The nodes right below a node. */
const partsOf = (node: SyntaxNode): SyntaxNode[] => Object.values(node).flat().filter(isNode);

/** A node and all nodes below it. */
const nodesOf = (node: SyntaxNode): SyntaxNode[] => [node, ...partsOf(node).flatMap(nodesOf)];

const nameOf = (node: unknown): string | undefined =>
  isNode(node) && node.type === "Identifier" && typeof node.name === "string" ? node.name : undefined;

/** The variable that a chain of members begins with: "state" of state.path[end].value. */
function rootOf(node: unknown): string | undefined {
  if (!isNode(node)) return undefined;
  if (node.type === "MemberExpression") return rootOf(node.object);
  if (node.type === "ChainExpression" || node.type.startsWith("TS")) return rootOf(node.expression);
  return nameOf(node);
}

/** "src/lab/run/state.ts" -> "run"; a file of the page's frame, right in src/lab, is of the feature "". */
function featureOf(file: string): string | undefined {
  const [, lab, folder = "", name] = file.split("/");
  if (lab !== "lab") return undefined;
  return name === undefined ? "" : folder;
}

/** What a file of the page sets the `value` of, as the variables that its expressions begin with. */
function writtenRoots(tree: SyntaxNode): string[] {
  return nodesOf(tree)
    .flatMap(({ type, left, argument }) => {
      const target =
        type === "AssignmentExpression" ? left : type === "UpdateExpression" ? argument : undefined;
      if (!isNode(target)) return [];
      // A pattern may set several at once.
      return target.type.endsWith("Pattern") ? nodesOf(target) : [target];
    })
    .filter(({ type, property }) => type === "MemberExpression" && nameOf(property) === "value")
    .flatMap((target) => rootOf(target) ?? []);
}

/**
 * The rules on writing signals that a file of the page breaks: a view sets only signals that it made itself with useSignal, any
 * other file only those that its own feature's folder declares; and signals are not handed on to be set elsewhere.
 */
function brokenWrites(file: string, code: string): string[] {
  const { program, module } = parseSync(file, code);
  const tree = program as unknown as SyntaxNode;
  const declarations = nodesOf(tree).filter(
    ({ type, init }) => type === "VariableDeclarator" && isNode(init),
  );
  /** The variables that others were taken from: of `const { path } = state` path from state. */
  const takenFrom = new Map<string, string>();
  const made = new Set<string>();
  for (const { id, init } of declarations) {
    const root = rootOf(init);
    const names = (isNode(id) ? nodesOf(id) : []).flatMap((node) => nameOf(node) ?? []);
    if (root !== undefined) for (const name of names) takenFrom.set(name, root);
    const [name] = names;
    const callee = isNode(init) && init.type === "CallExpression" ? nameOf(init.callee) : undefined;
    if (name !== undefined && (callee === "useSignal" || callee === "signal")) made.add(name);
  }
  const imported = new Map(
    module.staticImports.flatMap(({ moduleRequest, entries }) =>
      entries.map(({ localName }) => [localName.value, moduleRequest.value] as const),
    ),
  );
  const sourceOf = (name: string): string => {
    const from = takenFrom.get(name);
    return from === undefined || from === name ? name : sourceOf(from);
  };
  const broken = writtenRoots(tree).flatMap((root) => {
    const source = sourceOf(root);
    if (made.has(source)) return [];
    if (file.endsWith(".tsx"))
      return [`${file} sets ${source}: a view sets only signals that it made itself`];
    const request = imported.get(source);
    if (request === undefined) return [];
    const from = posix.join(posix.dirname(file), request);
    return featureOf(from) === featureOf(file) ? [] : [`${file} sets ${source}, which belongs to ${from}`];
  });
  if (imported.get("Signal") === "@preact/signals")
    broken.push(`${file} hands a signal on to be set elsewhere`);
  return broken;
}

/** What a file of src/lab declares at its top that can change: variables, and collections that are not readonly. */
function mutableGlobals(file: string, code: string): string[] {
  const { program } = parseSync(file, code);
  return (program.body as unknown as SyntaxNode[])
    .map((node) =>
      node.type === "ExportNamedDeclaration" && isNode(node.declaration) ? node.declaration : node,
    )
    .filter(({ type }) => type === "VariableDeclaration")
    .flatMap((node) =>
      partsOf(node).flatMap(({ id, init }) => {
        const name = nameOf(id);
        const collection = isNode(init) && init.type === "NewExpression" ? nameOf(init.callee) : undefined;
        const grows =
          /^(Weak)?(Map|Set)$/.test(collection ?? "") && !(isNode(id) && isNode(id.typeAnnotation));
        return node.kind !== "const" || grows ? [`${file} declares ${name}`] : [];
      }),
    );
}

describe("the page's state", () => {
  const sources = files("src/lab", /\.tsx?$/).filter((file) => !file.startsWith("src/lab/offline/"));

  test("is set only by its own feature's actions, never by views", () => {
    expect(sources.length).toBeGreaterThan(100);
    expect(sources.flatMap((file) => brokenWrites(file, read(file)))).toEqual([]);
  });

  test("is in signals, classes and closures, not in variables of modules", () => {
    expect(sources.flatMap((file) => mutableGlobals(file, read(file)))).toEqual([]);
  });

  const take = 'import { runState } from "../run/state.ts";';
  test.each([
    ["src/lab/run/run-bar.tsx", 'import { runState } from "./state.ts"; runState.phase.value = "idle";'],
    ["src/lab/images/offers.ts", `${take} runState.phase.value = "idle";`],
    [
      "src/lab/images/offers.ts",
      `${take} const { phase } = runState; function f() { phase.value = "idle"; }`,
    ],
    [
      "src/lab/images/offers.ts",
      `${take} const own = runState; const { phase: at } = own; at.value = "idle";`,
    ],
    ["src/lab/images/offers.ts", `${take} runState.ends["to"].value += 1;`],
    ["src/lab/images/offers.ts", `${take} runState.steps.value++;`],
    ["src/lab/images/offers.ts", `${take} [runState.steps.value] = [1];`],
    ["src/lab/page.tsx", "export const Page = ({ open }) => { open.value = true; };"],
    ["src/lab/shared/controls.tsx", 'import type { Signal } from "@preact/signals";'],
  ])("must not be set as by %s: %s", (file, code) => {
    expect(brokenWrites(file, code)).toEqual([expect.stringContaining(file)]);
  });

  test.each([
    ["src/lab/run/actions.ts", 'import { runState } from "./state.ts"; runState.phase.value = "idle";'],
    ["src/lab/run/state.ts", 'const phase = signal("opening"); phase.value = "idle";'],
    ["src/lab/images/offers.ts", `${take} const { value: phase } = runState.phase; console.log(phase);`],
    ["src/lab/page.tsx", "const open = useSignal(false); open.value = !open.value;"],
  ])("may be set as by %s: %s", (file, code) => {
    expect(brokenWrites(file, code)).toEqual([]);
  });

  test.each([
    "let runs = 0;",
    "export let runs = 0;",
    "const known = new Map();",
    "export const all = new Set([1]);",
  ])("is not %s", (code) => {
    expect(mutableGlobals("src/lab/run/actions.ts", code)).toHaveLength(1);
  });

  test.each([
    "const one = 1;",
    'const names: ReadonlySet<string> = new Set(["one"]);',
    "function f() { let one = 1; }",
  ])("may be beside %s", (code) => {
    expect(mutableGlobals("src/lab/run/actions.ts", code)).toEqual([]);
  });
});

describe("page and Workers", () => {
  const isOfWorker = (file: string) => file.startsWith("src/lab/worker/");
  const importsOfWorker = (file: string, code: string) =>
    importsOf(file, code).filter((request) => isOfWorker(posix.join(posix.dirname(file), request)));

  test("only the link that starts the Workers imports them", () => {
    const importers = files("src/lab", /\.tsx?$/).filter(
      (file) => !isOfWorker(file) && importsOfWorker(file, read(file)).length > 0,
    );
    expect(importers).toEqual(["src/lab/run/worker-link.ts"]);
    const link = "src/lab/run/worker-link.ts";
    expect(importsOfWorker(link, read(link))).toEqual([
      "../worker/training-worker.ts",
      "../worker/filter-worker.ts",
    ]);
  });

  test("what they say to each other is types alone", () => {
    const { program } = parseSync("src/lab/protocol.ts", read("src/lab/protocol.ts"));
    const isType = ({ type, importKind, exportKind }: SyntaxNode) =>
      importKind === "type" || exportKind === "type" || /^TS(Interface|TypeAlias)Declaration$/.test(type);
    expect((program.body as unknown as SyntaxNode[]).filter((node) => !isType(node))).toEqual([]);
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
