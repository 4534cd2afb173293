import type { Device } from "../../src/device/device.ts";

/**
 * Provides the device of a suite to the tests of a file: it is declared at the top and open while they run. See useGpu and useCpu.
 */
export type UseDevice = () => () => Device;
