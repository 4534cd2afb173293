import { engineReport } from "./engine-cases.ts";

console.log(JSON.stringify(await engineReport(navigator.gpu)));
