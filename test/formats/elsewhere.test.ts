import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readModel } from "../../src/formats/foreign-model.ts";
import { kerasFiles } from "../../src/formats/keras.ts";
import { encodeModel } from "../../src/formats/model-file.ts";
import { encodeSample } from "../../src/formats/model-sample.ts";
import { parseSafetensors } from "../../src/formats/safetensors.ts";
import { initialWeights } from "../../src/network/initial-weights.ts";
import { type OutputName, outputNames } from "../../src/spec/layer-specs.ts";
import { autoencoder, type Model } from "../../src/spec/network.ts";
import { findPython, runPython } from "../support/python.ts";

const numpy = findPython("numpy");
const torch = findPython("torch", "numpy");
const packages = fileURLToPath(new URL("../support/python", import.meta.url));

/** Mocks replace packages that this Python does not have; it reports which. */
async function run(python: string, code: string, cwd: string): Promise<string> {
  const found = `
import importlib.util, sys
missing = [name for name in ("safetensors", "keras") if importlib.util.find_spec(name) is None]
if missing: sys.path.append(${JSON.stringify(packages)})
`;
  const { code: exit, stdout, stderr } = await runPython(python, ["-c", found + code], { cwd });
  expect(exit, stderr).toBe(0);
  return stdout;
}

/** Four layers of different widths, so that a transposed one is detected. */
function modelOf(output: OutputName): Model {
  const layers = initialWeights(autoencoder([4, 3], [9, 5, 7]), 3, "torch");
  return { network: autoencoder([4, 3], [9, 5, 7], { output }), layers };
}

function sampleOf(model: Model): { noisy: number[]; denoised: number[] } {
  const { tensors } = parseSafetensors(encodeSample(model), "sample");
  return {
    noisy: [...(tensors.get("noisy")?.values ?? [])],
    denoised: [...(tensors.get("denoised")?.values ?? [])],
  };
}

function expectNear(found: readonly number[], wanted: readonly number[]): void {
  expect(found.length).toBe(wanted.length);
  found.forEach((value, index) => {
    expect(Math.abs(value - (wanted[index] ?? Number.NaN))).toBeLessThan(1e-5);
  });
}

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "unsnow-elsewhere-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** The indented code of docs/formats.md under a heading. */
function documented(heading: string): string {
  const text = readFileSync(new URL("../../docs/formats.md", import.meta.url), "utf8");
  const section = text.split(/^## /m).find((part) => part.startsWith(`${heading}\n`)) ?? "";
  return [...section.matchAll(/^```python\n([\s\S]*?)^```$/gm)].map(([, code]) => code).join("\n");
}

describe.skipIf(torch === undefined)("PyTorch", () => {
  test("loads a model file with the code in docs/formats.md", async () => {
    const model = modelOf("sigmoid");
    writeFileSync(join(folder, "model.safetensors"), encodeModel(model));
    const lines = documented("PyTorch").replace("[784, 32, 784]", "[12, 9, 5, 7, 12]");
    expect(lines).toContain("load_state_dict");
    const { noisy, denoised } = sampleOf(model);
    const code = `${lines}
print(network(torch.tensor(${JSON.stringify(noisy)}).reshape(2, 12)).flatten().tolist())`;
    expectNear(JSON.parse(await run(torch ?? "", code, folder)) as number[], denoised);
  });

  test("writes state dicts that are read", async () => {
    const code = `
import torch
from safetensors.torch import save_file
torch.manual_seed(5)
sizes = [16, 9, 5, 7, 8, 6, 16]
modules = [m for i, o in zip(sizes, sizes[1:]) for m in (torch.nn.Linear(i, o), torch.nn.ReLU())]
network = torch.nn.Sequential(*modules[:-1], torch.nn.Sigmoid())
save_file(network.state_dict(), "theirs.safetensors")
noisy = torch.linspace(0, 1, 16)
print([noisy.tolist(), network(noisy).tolist()])`;
    const [noisy = [], wanted = []] = JSON.parse(await run(torch ?? "", code, folder)) as number[][];
    const bytes = readFileSync(join(folder, "theirs.safetensors"));
    const { model, remark } = readModel(bytes, "theirs.safetensors");
    expect(remark).toContain("16-9-5-7-8-6-16 on grey images of 4 x 4 pixels");
    const { denoised } = denoise(model, noisy);
    expectNear(denoised, wanted);
  });
});

/** In float64, layer by layer. */
function denoise({ layers }: Model, noisy: readonly number[]): { denoised: number[] } {
  const denoised = layers.reduce<number[]>(
    (x, { weight, bias }, index) =>
      Array.from(bias, (start, output) => {
        const z = x.reduce(
          (sum, value, i) => sum + value * (weight[output * x.length + i] ?? Number.NaN),
          start,
        );
        return index < layers.length - 1 ? Math.max(z, 0) : 1 / (1 + Math.exp(-z));
      }),
    [...noisy],
  );
  return { denoised };
}

describe.skipIf(numpy === undefined)("load_keras.py", () => {
  test.each(outputNames)("builds convolutions with the same results as unsnow: %s", async (output) => {
    const network = autoencoder([8, 12], "conv:5/2,conv:7,up:4,conv:6", { output, channels: 3 });
    const model = { network, layers: initialWeights(network, 5, "torch") };
    for (const [name, content] of kerasFiles(model)) writeFileSync(join(folder, name), content);
    const { noisy, denoised } = sampleOf(model);
    const code = `
import load_keras, numpy
x = numpy.array(${JSON.stringify(noisy)}, dtype=numpy.float32).reshape(2, 3, 8, 12).transpose(0, 2, 3, 1)
print(numpy.asarray(load_keras.load().predict(x)).transpose(0, 3, 1, 2).flatten().tolist())`;
    const lines = (await run(numpy ?? "", `import sys; sys.path.insert(0, ".")\n${code}`, folder))
      .trim()
      .split("\n");
    expectNear(JSON.parse(lines.at(-1) ?? "") as number[], denoised);
  });

  test("builds convolutions on blocks with skips and a noise map", async () => {
    const options = { output: "residual", channels: 3, block: 2, noiseMap: true } as const;
    const network = autoencoder([8, 16], "unet:3", options);
    const model = { network, layers: initialWeights(network, 5, "torch") };
    for (const [name, content] of kerasFiles(model)) writeFileSync(join(folder, name), content);
    const { noisy, denoised } = sampleOf(model);
    const code = `
import load_keras, numpy
x = numpy.array(${JSON.stringify(noisy)}, dtype=numpy.float32).reshape(2, 3, 8, 16).transpose(0, 2, 3, 1)
y = load_keras.load().predict([x, numpy.array([[0.1], [0.2]], dtype=numpy.float32)])
print(numpy.asarray(y).transpose(0, 3, 1, 2).flatten().tolist())`;
    const lines = (await run(numpy ?? "", `import sys; sys.path.insert(0, ".")\n${code}`, folder))
      .trim()
      .split("\n");
    expectNear(JSON.parse(lines.at(-1) ?? "") as number[], denoised);
  });

  test.each(outputNames)("builds a network with the same results as unsnow: %s", async (output) => {
    const model = modelOf(output);
    for (const [name, content] of kerasFiles(model)) writeFileSync(join(folder, name), content);
    const { noisy, denoised } = sampleOf(model);
    const code = `
import load_keras, numpy
x = numpy.array(${JSON.stringify(noisy)}, dtype=numpy.float32).reshape(2, 12)
print(numpy.asarray(load_keras.load().predict(x)).flatten().tolist())`;
    const lines = (await run(numpy ?? "", `import sys; sys.path.insert(0, ".")\n${code}`, folder))
      .trim()
      .split("\n");
    expectNear(JSON.parse(lines.at(-1) ?? "") as number[], denoised);
  });
});
