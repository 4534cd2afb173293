// Every kind of loss on real devices, some sixty of them, each of which compiles its own kernels.
import { useRealFrailGpus } from "../support/frail-gpu.ts";
import { describeRecovery } from "./recovery-suite.ts";

describeRecovery({ useDevices: useRealFrailGpus, waits: "real" });
