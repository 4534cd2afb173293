import { Gpu } from "../../src/gpu/gpu.ts";
import { kernelCases } from "../kernels/cases.ts";
import { engineReport } from "./engine-cases.ts";

console.log(JSON.stringify(await engineReport(await Gpu.open(navigator.gpu), kernelCases())));
