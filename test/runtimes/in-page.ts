import { Cpu } from "../../src/cpu/cpu.ts";
import { threadHost } from "../../src/cpu/web-threads.ts";
import { Gpu } from "../../src/gpu/gpu.ts";
import { casesOfCpu, casesOfGpu, kernelCases } from "../kernels/cases.ts";
import { type EngineReport, engineReport } from "./engine-cases.ts";

declare global {
  interface Window {
    gpuReport(): Promise<EngineReport>;
    cpuReport(threads: number): Promise<EngineReport>;
  }
}
window.gpuReport = async () => {
  const gpu = await Gpu.open(navigator.gpu);
  return engineReport(gpu, casesOfGpu(gpu, kernelCases()));
};
window.cpuReport = async (threads) =>
  engineReport(await Cpu.open(threadHost, { threads }), casesOfCpu(kernelCases("all")));
