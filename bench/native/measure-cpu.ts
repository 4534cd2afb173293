import { Cpu } from "../../src/cpu/cpu.ts";
import { bestBuild } from "../../src/cpu/load-kernels.ts";
import { threadHost } from "../../src/cpu/node-threads.ts";
import { isConvolutional } from "../../src/spec/network.ts";
import { compileKernels } from "../../vite/wasm-kernels.ts";
import { type Effort, measureShape } from "../measure.ts";
import { digits, timesTable } from "../report.ts";
import { networkOf, type Shape } from "../shapes.ts";
import { convolutionFigures, convolutionTable } from "./conv-table.ts";
import { kernelFigures, kernelTable } from "./kernel-table.ts";
import { familySystem } from "./measure-kernels.ts";

/** Measurement settings; see options.ts. */
interface Settings extends Effort {
  readonly shapes: readonly Shape[];
}

/**
 * Measures only unsnow, in Node, on the CPU engine: a step on one thread and on all cores, and each kernel against
 * one thread's ceiling.
 */
export async function measureCpu(
  settings: Settings,
  print: (text: string) => void,
  say: (progress: string) => void,
): Promise<void> {
  const multiplyAdds = await openMultiplyAdds();
  const [flops, copyBytes] = [multiplyAdds(), copyThroughput()];
  print(
    `one thread: ${digits(flops / 1e9)} GFLOP/s of multiply-adds, ${digits(copyBytes / 1e9)} GB/s copied`,
  );
  const ceilings = { flops, flopsName: "multiply-adds of one thread", copyBytes };
  const [one, all] = [await Cpu.open(threadHost, { threads: 1 }), await Cpu.open(threadHost)];
  try {
    for (const shape of settings.shapes) {
      const systems = [
        familySystem(one, "tile8", "1 thread"),
        familySystem(all, "tile8", `${all.threads} threads`),
      ];
      const measured = await measureShape(systems, shape, settings, say);
      print(
        `\n${timesTable(
          shape,
          measured.filter((result) => "loss" in result),
        )}`,
      );
      for (const device of [one, all]) {
        const kernels = await kernelFigures(device, shape, "tile8");
        print(`\n${device.adapter.name}\n\n${kernelTable(kernels, ceilings)}`);
      }
    }
    if (!settings.shapes.some((shape) => isConvolutional(networkOf(shape)))) return;
    for (const device of [one, all]) {
      const convolutions = await convolutionFigures(device, "tile8", multiplyAdds);
      print(`\n${device.adapter.name}\n\n${convolutionTable(convolutions, ceilings.flopsName)}`);
    }
  } finally {
    one.destroy();
    all.destroy();
  }
}

/** Returns a function that measures the floating-point operations of one thread per second. */
async function openMultiplyAdds(): Promise<() => number> {
  const code = await compileKernels(await bestBuild(), "bench/wasm/multiply_add.ts");
  const memory = new WebAssembly.Memory({ initial: 1 });
  const { instance } = await WebAssembly.instantiate(code as BufferSource, { env: { memory } });
  const multiplyAdd = instance.exports.multiply_add as (rounds: number) => number;
  const rounds = 1_000_000;
  return () => (rounds * 12 * 4 * 2) / leastSeconds(() => multiplyAdd(rounds));
}

/** Bytes that one thread copies per second, read and written. */
function copyThroughput(): number {
  const bytes = 2 ** 27;
  const [from, to] = [new Uint8Array(bytes).fill(1), new Uint8Array(bytes)];
  return (2 * bytes) / leastSeconds(() => to.set(from));
}

/** The minimum of five measurements. */
function leastSeconds(work: () => void): number {
  const times = Array.from({ length: 5 }, () => {
    const started = performance.now();
    work();
    return performance.now() - started;
  });
  return Math.min(...times) / 1000;
}
