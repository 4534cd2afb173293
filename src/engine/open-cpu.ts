import { threadHost } from "#cpu-threads";
import type { Cpu, CpuOptions } from "../cpu/cpu.ts";

/**
 * Starts the threads of the CPU engine. Throws an InputError for an invalid number of threads, and a DeviceError if
 * the JavaScript engine lacks a required feature.
 */
export async function openCpu(options: CpuOptions = {}): Promise<Cpu> {
  const { Cpu } = await import("../cpu/cpu.ts");
  return Cpu.open(threadHost, options);
}
