import { useFrailGpus } from "../support/frail-gpu.ts";
import { sharedGpu } from "../support/open-gpu.ts";

/** A mock of `navigator.gpu`, and the devices that were opened through it. */
export interface StandInEntry {
  readonly gpu: GPU;
  readonly devices: GPUDevice[];
}

/** Creates mocks of `navigator.gpu`. Their devices use the shared device, so that kernels are compiled only once. */
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
