import { posix } from "node:path";
import { parseSync } from "vite";
import { describe, expect, test } from "vitest";
import { files, importsOf, read } from "./sources.ts";

/** A node of an ESTree syntax tree. */
interface SyntaxNode {
  readonly type: string;
  readonly [part: string]: unknown;
}

const isNode = (part: unknown): part is SyntaxNode =>
  typeof part === "object" && part !== null && "type" in part && typeof part.type === "string";

/** The direct children of a node. */
const partsOf = (node: SyntaxNode): SyntaxNode[] => Object.values(node).flat().filter(isNode);

/** A node and all its descendants. */
const nodesOf = (node: SyntaxNode): SyntaxNode[] => [node, ...partsOf(node).flatMap(nodesOf)];

const nameOf = (node: unknown): string | undefined =>
  isNode(node) && node.type === "Identifier" && typeof node.name === "string" ? node.name : undefined;

/** The first variable of a chain of members: "state" for state.path[end].value. */
function rootOf(node: unknown): string | undefined {
  if (!isNode(node)) return undefined;
  if (node.type === "MemberExpression") return rootOf(node.object);
  if (node.type === "ChainExpression" || node.type.startsWith("TS")) return rootOf(node.expression);
  return nameOf(node);
}

/** "src/lab/run/state.ts" -> "run"; a file directly in src/lab belongs to the feature "". */
function featureOf(file: string): string | undefined {
  const [, lab, folder = "", name] = file.split("/");
  if (lab !== "lab") return undefined;
  return name === undefined ? "" : folder;
}

/** The variables whose `value`, or whose members' `value`, a file of the page sets. */
function writtenRoots(tree: SyntaxNode): string[] {
  return nodesOf(tree)
    .flatMap(({ type, left, argument }) => {
      const target =
        type === "AssignmentExpression" ? left : type === "UpdateExpression" ? argument : undefined;
      if (!isNode(target)) return [];
      // A pattern can set several values.
      return target.type.endsWith("Pattern") ? nodesOf(target) : [target];
    })
    .filter(({ type, property }) => type === "MemberExpression" && nameOf(property) === "value")
    .flatMap((target) => rootOf(target) ?? []);
}

/**
 * The rules on writing signals that a file of the page breaks. A view may set only signals that it creates with useSignal; any
 * other file may set only those that its own feature's folder declares. Signals are not passed on to be set elsewhere.
 */
function brokenWrites(file: string, code: string): string[] {
  const { program, module } = parseSync(file, code);
  const tree = program as unknown as SyntaxNode;
  const declarations = nodesOf(tree).filter(
    ({ type, init }) => type === "VariableDeclarator" && isNode(init),
  );
  /** The source of each destructured variable: `const { path } = state` takes path from state. */
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

/**
 * The top-level declarations of a file in src/lab that can change: variables, and collections that are not readonly.
 */
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
  const sources = files("src/lab", /\.tsx?$/).filter((file) => file !== "src/lab/offline/service-worker.ts");

  test("is set only by its own feature's actions, never by views", () => {
    expect(sources.length).toBeGreaterThan(100);
    expect(sources.flatMap((file) => brokenWrites(file, read(file)))).toEqual([]);
  });

  test("is in signals, classes and closures, not in module variables", () => {
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
  ])("can be set as by %s: %s", (file, code) => {
    expect(brokenWrites(file, code)).toEqual([]);
  });

  test.each([
    "let runs = 0;",
    "export let runs = 0;",
    "const known = new Map();",
    "export const all = new Set([1]);",
  ])("cannot be %s", (code) => {
    expect(mutableGlobals("src/lab/run/actions.ts", code)).toHaveLength(1);
  });

  test.each([
    "const one = 1;",
    'const names: ReadonlySet<string> = new Set(["one"]);',
    "function f() { let one = 1; }",
  ])("is separate from constants and local variables: %s", (code) => {
    expect(mutableGlobals("src/lab/run/actions.ts", code)).toEqual([]);
  });
});

describe("the page and its Workers", () => {
  const isOfWorker = (file: string) => file.startsWith("src/lab/worker/");
  const importsOfWorker = (file: string, code: string) =>
    importsOf(file, code).filter((request) => isOfWorker(posix.join(posix.dirname(file), request)));

  test("are separate: only the link that starts the Workers imports them", () => {
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

  test.each(files("src/lab", /protocol\.ts$/))("share only types in %s", (file) => {
    const { program } = parseSync(file, read(file));
    const isType = ({ type, importKind, exportKind }: SyntaxNode) =>
      importKind === "type" || exportKind === "type" || /^TS(Interface|TypeAlias)Declaration$/.test(type);
    expect((program.body as unknown as SyntaxNode[]).filter((node) => !isType(node))).toEqual([]);
  });
});
