// Every kind of loss on real devices, some sixty of them, each of which compiles its own kernels.
import { realGpuTrial } from "./gpu-trial.ts";
import { describeRecovery } from "./recovery-suite.ts";

describeRecovery(realGpuTrial);
