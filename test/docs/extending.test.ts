import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));
const read = (file: string) => readFileSync(join(root, file), "utf8");

/** docs/extending.md, section by section. */
const sections = read("docs/extending.md").split(/^## /m).slice(1);

/** The files in the table of a section. */
function namedFiles(title: string): string[] {
  const section = sections.find((text) => text.startsWith(title)) ?? "";
  const cells = [...section.matchAll(/^\| (`[^|]+) \|/gm)].map(([, cell = ""]) => cell);
  return cells.flatMap((cell) => [...cell.matchAll(/`([^`]+)`/g)].map(([, file = ""]) => file)).sort();
}

/** All files of the product whose code, without comments, contains a pattern. */
function filesWith(word: RegExp): string[] {
  return ["src", "shaders", "wasm"]
    .flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true, encoding: "utf8" }).map(
        (name) => `${folder}/${name.replaceAll("\\", "/")}`,
      ),
    )
    .filter((file) => /\.(tsx?|wgsl|py)$/.test(file))
    .filter((file) => word.test(read(file).replace(/^\s*(\/\/|#).*$|\/\*[\s\S]*?\*\//gm, "")));
}

/** Files that need no edit: chosen and guessed runs, recipes, advice, and the squared error as a measure of pictures. */
const elsewhere = [
  "src/training/divergence-error.ts",
  "src/lab/settings/presets.ts",
  "src/alone/one-picture.ts",
  "src/alone/deep-image-prior.ts",
  "src/metrics/image-scores.ts",
  "src/metrics/psnr.ts",
  "src/cli/evaluation-results.ts",
  "src/formats/torchrun.ts",
];

describe("the files to edit for a new entry are those in docs/extending.md", () => {
  test.each([
    ["A setting", /\binitialization\b/, []],
    // The shaders identify kinds by number, and in PyTorch every loss that is not cross-entropy is this one.
    ["A noise", /\bspeckle\b/, ["shaders/lib/noise.wgsl", "wasm/lib/noise.ts"]],
    [
      "A loss",
      /"mse"|\bmse:/,
      ["shaders/lib/loss.wgsl", "wasm/lib/loss.ts", "src/formats/torchrun/train.py"],
    ],
    ["An optimizer", /\badam|\bbeta1\b/i, ["shaders/lib/optimizer.wgsl", "wasm/lib/optimizer.ts"]],
    ["A kind of layer", /\[K in LayerKind\]/, ["src/spec/layer-specs.ts"]],
  ])("%s", (title, word, unnamed) => {
    const found = filesWith(word).filter((file) => !elsewhere.includes(file));
    expect(namedFiles(title).length).toBeGreaterThan(4);
    expect([...new Set([...found, ...unnamed])].sort()).toEqual(namedFiles(title));
  });
});
