import { threadHost } from "#cpu-threads";
import type { Cpu, CpuOptions } from "../cpu/cpu.ts";

/**
 * Starts the threads of the CPU engine. Throws an InputError for a number of threads that cannot be, and a DeviceError where the
 * engine that runs this lacks what is needed.
 */
export async function openCpu(options: CpuOptions = {}): Promise<Cpu> {
  const { Cpu } = await import("../cpu/cpu.ts");
  return Cpu.open(threadHost, options);
}
