import type { Device } from "../../src/device/device.ts";

/** What a suite runs on, for the tests of a file: declared where they are, open while they run. See useGpu and useCpu. */
export type UseDevice = () => () => Device;
