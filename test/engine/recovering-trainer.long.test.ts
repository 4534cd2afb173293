// Every kind of loss on about sixty real devices, each of which compiles its own kernels.
import { realGpuTrial } from "./gpu-trial.ts";
import { describeRecovery } from "./recovery-suite.ts";

describeRecovery(realGpuTrial);
