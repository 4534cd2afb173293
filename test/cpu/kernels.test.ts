import { describe, expect, test } from "vitest";
import { compileKernels } from "../../vite/wasm-kernels.ts";
import { kernelCases } from "../kernels/cases.ts";
import { compare, type KernelCase } from "../kernels/kernel-case.ts";

const cases = kernelCases("all").filter(({ kernel }) => !/\.(tile16|workgroup)$/.test(kernel.name));
const kernels = [...new Set(cases.map(({ kernel }) => kernel.name))];

describe("every kernel follows its float64 twin in WebAssembly", async () => {
  const memory = new WebAssembly.Memory({ initial: 1024 });
  const module = await WebAssembly.compile((await compileKernels("simd")) as BufferSource);
  const { exports } = await WebAssembly.instantiate(module, { env: { memory } });
  (exports.useScratch as ((address: number) => void) | undefined)?.(64 * 65536 - 2 ** 20);

  test.each(kernels)("%s", (name) => {
    const results = cases
      .filter(({ kernel }) => kernel.name === name)
      .map((one) => [one.name, runOn(exports, memory, one)] as const);
    expect(results.filter(([, wrong]) => wrong.length > 0)).toEqual([]);
  });
});

function runOn(exports: WebAssembly.Exports, memory: WebAssembly.Memory, one: KernelCase): string[] {
  const { kernel, buffers, invocations, constants = {}, expected } = one;
  const run = exports[kernel.name.replace(/\..*/, "")] as (...args: number[]) => void;
  if (!run) return ["missing"];
  let top = 2 ** 22;
  const addresses = Object.keys(kernel.bindings).map((binding) => {
    const data = buffers[binding] ?? new Float32Array();
    new Uint8Array(memory.buffer).set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), top);
    const address = top;
    top += 64 + 64 * Math.ceil(data.byteLength / 64);
    return address;
  });
  const overrides = [...kernel.code.matchAll(/^override (\w+): \w+ = ([^;]+);/gm)];
  const settings = overrides.map(([, key = "", usual = ""]) => constants[key] ?? Number.parseFloat(usual));
  const [width, height] = kernel.workgroup;
  const [x, y] = typeof invocations === "number" ? [invocations, 1] : invocations;
  const across = Math.ceil(x / width);
  const jobs = across * Math.ceil(y / height);
  run(0, Math.ceil(jobs / 2), across, ...addresses, ...settings);
  if (jobs > 1) run(Math.ceil(jobs / 2), jobs, across, ...addresses, ...settings);
  return Object.keys(kernel.bindings).flatMap((binding, index) => {
    const data = buffers[binding] ?? new Float32Array();
    if (kernel.bindings[binding] === "uniform") return [];
    const bytes = memory.buffer.slice(addresses[index] ?? 0, (addresses[index] ?? 0) + data.byteLength);
    const got = data instanceof Uint32Array ? new Uint32Array(bytes) : new Float32Array(bytes);
    return compare(binding, got, expected[binding] ?? { values: data, atol: 0, rtol: 0 });
  });
}
