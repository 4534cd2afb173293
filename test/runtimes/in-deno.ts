import { Gpu } from "../../src/gpu/gpu.ts";
import { casesOfGpu, kernelCases } from "../kernels/cases.ts";
import { engineReport } from "./engine-cases.ts";

const gpu = await Gpu.open(navigator.gpu);
console.log(JSON.stringify(await engineReport(gpu, casesOfGpu(gpu, kernelCases()))));
