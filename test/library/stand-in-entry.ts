import { useFrailGpus } from "../support/frail-gpu.ts";
import { sharedGpu } from "../support/open-gpu.ts";

/** An entry to WebGPU, and the devices that were opened through it. */
export interface StandInEntry {
  readonly gpu: GPU;
  readonly devices: GPUDevice[];
}

/** Makes entries to WebGPU whose devices stand in for the shared one, so that no kernel is compiled for each device. */
export function useStandInEntries(): () => StandInEntry {
  const openDevice = useFrailGpus();
  return () => {
    const devices: GPUDevice[] = [];
    const requestAdapter = async () => {
      const { adapterInfo: info, limits, features } = (await sharedGpu()).device;
      const requestDevice = async () => {
        const { device } = await openDevice();
        devices.push(device);
        return device;
      };
      return { info, limits, features, requestDevice };
    };
    return { gpu: { requestAdapter } as unknown as GPU, devices };
  };
}
