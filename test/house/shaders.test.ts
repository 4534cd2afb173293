import { existsSync } from "node:fs";
import { basename, join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Kernel } from "../../src/device/kernel.ts";
import { exportsOf, files, read, root } from "./sources.ts";

describe("a shader, its WebAssembly version, its kernel and its reference have the same name", () => {
  const shaders = files("shaders", /^shaders\/[\w.]+\.wgsl$/).map((file) => basename(file, ".wgsl"));
  const kernels = files("src/kernels", /\.ts$/).flatMap(exportsOf);

  test.each(shaders)("%s", (shader) => {
    // A product has one shader for each family, "name.family.wgsl".
    const name = shader.replace(/\..*/, "");
    const kebab = name.replaceAll("_", "-");
    const camel = name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
    // The classical filters are the references.
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
    const twin = `wasm/${name}.ts`;
    expect(existsSync(join(root, twin)), `shaders/${shader}.wgsl needs ${twin}`).toBe(true);
    expect(
      parametersOf(read(twin), name),
      `${twin} must export ${name}, as shaders/${shader}.wgsl is named`,
    ).toBeDefined();
    expect(read("wasm/index.ts"), `wasm/index.ts must export ${name}`).toContain(
      `export { ${name} } from "./${name}";`,
    );
    const shaderOrWay = `shaders/${name}${shader === name ? "" : ".*"}.wgsl`;
    expect(read(twin), `${twin} must name its twin and its reference`).toContain(
      `// Twin: ${shaderOrWay}. Reference: ${reference}\n`,
    );
  });
});

/** The parameter names of a function that a file of wasm/ exports, in order. */
function parametersOf(code: string, name: string): string[] | undefined {
  const [, list] = code.match(new RegExp(`^export function ${name}\\(([^)]*)\\): void`, "m")) ?? [];
  return list?.split(",").flatMap((parameter) => parameter.match(/^\s*(\w+):/)?.[1] ?? []);
}

describe("a file of wasm/", () => {
  const libraries = files("shaders/lib", /^shaders\/lib\/\w+\.wgsl$/).map((file) => basename(file, ".wgsl"));

  test.each(files("wasm", /\.ts$/))("%s", (file) => {
    const [first = "", ...others] = read(file).split("\n");
    expect(first, `${file} must start with a header comment`).toMatch(/^\/\/ \S/);
    const name = basename(file, ".ts");
    if (!file.startsWith("wasm/lib/") || !libraries.includes(name)) return;
    const header = [
      first,
      ...others.slice(
        0,
        others.findIndex((line) => !line.startsWith("//")),
      ),
    ].join("\n");
    expect(header, `${file} must name its twin`).toContain(`Twin: shaders/lib/${name}.wgsl`);
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

/** The kernels that a module of src/kernels exports, in all families. */
const kernelsOf = (exported: unknown): Kernel[] => {
  if (typeof exported !== "object" || exported === null) return [];
  return "code" in exported && "bindings" in exported
    ? [exported as Kernel]
    : Object.values(exported).flatMap(kernelsOf);
};

/** The `override` declarations of a shader after its includes were inserted, with their defaults. */
const overridesOf = (code: string) =>
  [...code.matchAll(/^\s*override\s+(\w+)\b[^=;]*(?:=\s*([^;]*))?;/gm)].map(([, name, text]) => [
    name,
    Number(text?.trim().replace(/[uif]$/, "") ?? Number.NaN),
  ]);

describe("a kernel names the constants of its shader, in order", async () => {
  const modules: Record<string, unknown>[] = await Promise.all(
    files("src/kernels", /\.ts$/).map((file) => import(join(root, file))),
  );
  const kernels = modules.flatMap((module) => Object.values(module).flatMap(kernelsOf));

  test("every shader has a kernel", () => {
    const names = files("shaders", /^shaders\/[\w.]+\.wgsl$/).map((file) => basename(file, ".wgsl"));
    expect(kernels.map(({ name }) => name).sort()).toEqual(names);
  });

  test.each(kernels.map((kernel) => [kernel.name, kernel] as const))("%s", (_, { code, constants = {} }) => {
    expect(Object.entries(constants)).toEqual(overridesOf(code));
  });

  test.each(kernels.map((kernel) => [kernel.name, kernel] as const))(
    "%s, and its version in wasm/ takes them after its buffers",
    (_, { name, bindings, constants = {} }) => {
      const twin = name.replace(/\..*/, "");
      expect(parametersOf(read(`wasm/${twin}.ts`), twin)).toEqual([
        ...["first", "end", "across"],
        ...Object.keys(bindings),
        ...Object.keys(constants),
      ]);
    },
  );

  test("the rule detects types, and present or missing defaults", () => {
    const code = "override A: u32 = 2u;\n  override B = -0.5f; // why\noverride C: f32;";
    expect(overridesOf(code)).toEqual([
      ["A", 2],
      ["B", -0.5],
      ["C", Number.NaN],
    ]);
  });
});
